package api

import (
	"context"

	"github.com/tandem-ipaas/tandem"
)

// embeddingShape is what the embedded screens may do.
type embeddingShape struct {
	Frames        bool     `doc:"The screens may be shown in frames of FrameHosts."`
	FrameHosts    []string `doc:"Each host, *.host, either with scheme and port if you like."`
	TargetOrigins []string `doc:"Origins, such as https://app.example.com, that may be told what came of it."`
	InlineOAuth   bool     `doc:"The default of the option InlineOAuth of LAUNCH and Marketplace."`
}

// embeddingBody changes them; what is left out stays.
type embeddingBody struct {
	Frames        optional[bool]            `json:",omitzero" doc:"The screens may be shown in frames of FrameHosts."`
	FrameHosts    optional[several[string]] `json:",omitzero" doc:"Each host, *.host, either with scheme and port if you like."`
	TargetOrigins optional[several[string]] `json:",omitzero" doc:"Origins, such as https://app.example.com, that may be told what came of it."`
	InlineOAuth   optional[bool]            `json:",omitzero" doc:"The default of the option InlineOAuth of LAUNCH and Marketplace."`
}

func (b *embeddingBody) apply(e *tandem.EmbedSettings) {
	b.Frames.Apply(&e.Frames)
	if b.FrameHosts.Set {
		e.FrameHosts = b.FrameHosts.Value
	}
	if b.TargetOrigins.Set {
		e.TargetOrigins = b.TargetOrigins.Value
	}
	if b.InlineOAuth.Set {
		e.PopupOAuth = !b.InlineOAuth.Null && !b.InlineOAuth.Value
	}
}

func showEmbedding(e tandem.EmbedSettings, err error) (*object[embeddingShape], error) {
	return one(embeddingShape{e.Frames, list0(e.FrameHosts), list0(e.TargetOrigins), !e.PopupOAuth}, err)
}

func (a *API) getEmbedding(ctx context.Context, p tandem.PartnerID, _ *struct{}) (*object[embeddingShape], error) {
	return showEmbedding(a.embedding(ctx, p))
}

func (a *API) updateEmbedding(ctx context.Context, p tandem.PartnerID, in *struct{ Body embeddingBody }) (*object[embeddingShape], error) {
	set, err := a.services.Settings.Change(ctx, p, func(set *tandem.PartnerSettings) error {
		in.Body.apply(&set.Embed)
		return set.Embed.Check()
	})
	return showEmbedding(set.Embed, err)
}
