package api

import (
	"github.com/tandem-ipaas/tandem"
)

// answerShape is what a SynchronousResponse step tells the caller of a webhook: a
// tandem.Answer, with the fields of its body.
type answerShape struct {
	Status      int              `json:",omitempty" doc:"200 to 599; default 200."`
	ContentType string           `json:",omitempty" doc:"JSON, XML, a form or text/plain; default application/json."`
	Headers     []tandem.Mapping `json:",omitempty" doc:"Target is the header's name: Content-Language, Cache-Control, or one that begins with X-."`
	Fields      []tandem.Mapping `json:",omitempty" doc:"What the body is made of. Target is the location in it."`
	Body        *tandem.Mapping  `json:",omitempty" doc:"The body as a text, in place of Fields."`
}

func showAnswer(s *tandem.Step) *answerShape {
	if s.ActionType != tandem.SynchronousResponseStep {
		return nil
	}
	shape := &answerShape{Fields: s.Fields}
	if a := s.Answer; a != nil {
		shape.Status, shape.ContentType, shape.Headers, shape.Body = a.Status, a.ContentType, a.Headers, a.Body
	}
	return shape
}

// applyWebhook sets what a step has to do with requests to webhooks.
func (b *stepBody) applyWebhook(s *tandem.Step) {
	b.Match.Apply(&s.Match)
	if s.Match != nil {
		s.Match.Key.MappingType = spelled(s.Match.Key.MappingType, mappingTypes...)
	}
	if !b.Answer.Set {
		return
	}
	s.Answer, s.Fields = nil, nil
	a := b.Answer.Value
	if b.Answer.Null || a == nil {
		return
	}
	for _, list := range [][]tandem.Mapping{a.Headers, a.Fields} {
		for i := range list {
			list[i].MappingType = spelled(list[i].MappingType, mappingTypes...)
		}
	}
	if a.Body != nil {
		a.Body.MappingType = spelled(a.Body.MappingType, mappingTypes...)
	}
	s.Answer = &tandem.Answer{Status: a.Status, ContentType: a.ContentType, Headers: a.Headers, Body: a.Body}
	s.Fields = a.Fields
}

// wrongAnswer refuses an Answer of a step that is not one to answer.
func (b *stepBody) wrongAnswer(s *tandem.Step) error {
	if b.Answer.Set && b.Answer.Value != nil && s.ActionType != tandem.SynchronousResponseStep {
		return tandem.Invalidf("Answer", "Answer: is for steps of the kind SynchronousResponse")
	}
	return nil
}
