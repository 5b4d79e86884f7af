package tandem

// EmbedSettings say what the embedded screens may do.
type EmbedSettings struct {
	Frames        bool     // the screens may be shown in frames
	FrameHosts    []string // of these hosts
	TargetOrigins []string // that may be told of the end of an OAuth sign-in
	InlineOAuth   bool     // default of the option of LAUNCH and Marketplace
}
