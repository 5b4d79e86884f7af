package tandem

// EmbedSettings say what the embedded screens may do.
type EmbedSettings struct {
	Frames        bool     // the screens may be shown in frames
	FrameHosts    []string // of these hosts: host, *.host, or with scheme or port
	TargetOrigins []string // that may be told what came of it: https://host
	PopupOAuth    bool     // sign-ins to third parties open in a popup by default
}
