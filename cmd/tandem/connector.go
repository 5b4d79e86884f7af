package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"github.com/tandem-ipaas/tandem"
	"github.com/tandem-ipaas/tandem/connector"
	"github.com/tandem-ipaas/tandem/connector/openapi"
	"github.com/tandem-ipaas/tandem/internal/workbench"
)

type connectorCommand struct {
	New      newConnectorCommand      `cmd:"" help:"Write a definition to begin with."`
	Import   importConnectorCommand   `cmd:"" help:"Make a definition of an OpenAPI document."`
	Validate validateConnectorCommand `cmd:"" help:"Say what is wrong in definitions, with file, line and field."`
	Test     testConnectorCommand     `cmd:"" help:"Play what was recorded of a definition, or call one of its methods for real."`
}

type newConnectorCommand struct {
	File string `arg:"" help:"Where to write it, such as notepad/connector.yaml."`
	Name string `default:"My Connector" help:"The connector's name."`
}

// Run writes the file.
func (c *newConnectorCommand) Run(to output) error {
	if err := workbench.New(c.File, c.Name); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to.out, "%s is written. Try it: tandem connector validate %s\n", c.File, c.File)
	return err
}

// serverFlags say which servers are called, besides those that all may.
type serverFlags struct {
	Allow       []netip.Prefix `help:"Addresses to permit that are refused otherwise, such as 127.0.0.0/8."`
	EgressRoots string         `env:"TANDEM_EGRESS_ROOTS" help:"Certificates, in PEM, that vouch for servers besides those that the system trusts." placeholder:"FILE"`
}

func (f serverFlags) reach() workbench.Reach {
	return workbench.Reach{Allow: f.Allow, Roots: f.EgressRoots}
}

type importConnectorCommand struct {
	From   string `arg:"" name:"file|url" help:"An OpenAPI document, JSON or YAML, of version 2.0, 3.0 or 3.1."`
	Name   string `help:"The connector's name; by default the document's title."`
	Output string `default:"connector.yaml" help:"Where to write it."`
	serverFlags
}

// Run writes the file, and tells what could not be carried over.
func (c *importConnectorCommand) Run(ctx context.Context, to output) error {
	made, report, err := workbench.Import(ctx, c.From, c.reach(), openapi.Options{Name: c.Name})
	if err != nil {
		return err
	}
	if err := workbench.Save(c.Output, connector.Write(made)); err != nil {
		return err
	}
	fmt.Fprintf(to.err, "OpenAPI %s: %d of %d operations, %d webhooks, %d ways to authenticate.\n",
		report.Format, report.Methods-report.Webhooks, report.Operations, report.Webhooks, report.Authentications)
	for _, n := range report.Notes {
		fmt.Fprintf(to.err, "%s: %s", cmp.Or(n.Pointer, "/"), n.Message)
		if n.Times > 1 {
			fmt.Fprintf(to.err, " (%d times)", n.Times)
		}
		fmt.Fprintln(to.err)
	}
	_, err = fmt.Fprintf(to.out, "%s is written: %s %s.\n", c.Output, made.Name, made.Version)
	return err
}

type validateConnectorCommand struct {
	Files []string `arg:"" help:"Definitions, or folders that have a connector.yaml."`
}

// Run prints a line for each sound definition. What is wrong in the others is
// the error.
func (c *validateConnectorCommand) Run(ctx context.Context, to output) error {
	var wrong []error
	for _, file := range c.Files {
		d, err := workbench.Check(ctx, file)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		fmt.Fprintf(to.out, "%s: %s %s is sound: %d methods.\n", file, d.Name, d.Version, len(d.Methods))
	}
	return errors.Join(wrong...)
}

type testConnectorCommand struct {
	File           string            `arg:"" help:"The definition, or its folder."`
	Method         string            `help:"Call this method. Without it, the recordings in testdata are played."`
	Authentication string            `help:"Name of the way to authenticate; by default the first."`
	AuthValue      tandem.Secret     `env:"TANDEM_AUTH_VALUE" help:"The credentials, as for an account connector; best given by the environment."`
	Property       map[string]string `help:"Properties of the account connector, such as BaseUrl=https://api.example.com."`
	Parameter      map[string]string `help:"Parameters of the method."`
	Body           string            `help:"The mapped fields, as a JSON document."`
	Record         string            `help:"Keep the exchange in this file, such as testdata/list-items.json."`
	serverFlags
}

// Run prints what came of it.
func (c *testConnectorCommand) Run(ctx context.Context, to output) error {
	d, err := workbench.Check(ctx, c.File)
	if err != nil {
		return err
	}
	if c.Method != "" {
		a, err := c.attempt()
		if err != nil {
			return err
		}
		r, err := workbench.Try(ctx, d, a)
		if r == nil {
			return err
		}
		text, failed := r.Text()
		if err = errors.Join(err, failed); c.Record != "" && err == nil {
			return c.keep(to, text)
		}
		fmt.Fprintf(to.out, "%s", text)
		return err
	}
	all, err := workbench.Play(ctx, c.File, d)
	if err != nil {
		return err
	}
	var wrong []error
	for _, p := range all {
		if p.Err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", p.File, p.Err))
		}
	}
	fmt.Fprintf(to.out, "%d of %d recordings play as they were.\n", len(all)-len(wrong), len(all))
	return errors.Join(wrong...)
}

// keep writes an exchange into its file, in place of one that is there.
func (c *testConnectorCommand) keep(to output, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(c.Record), 0o777); err != nil {
		return err
	}
	if err := os.WriteFile(c.Record, text, 0o666); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to.out, "%s is written. Read it before you share it.\n", c.Record)
	return err
}

// attempt is the call that was asked for.
func (c *testConnectorCommand) attempt() (a workbench.Attempt, err error) {
	a.Method, a.Authentication, a.Properties, a.Parameters = c.Method, c.Authentication, c.Property, c.Parameter
	a.AuthValue, a.Reach = c.AuthValue, c.reach()
	if c.Body != "" {
		if err := json.Unmarshal([]byte(c.Body), &a.Body); err != nil {
			return a, fmt.Errorf("--body: %w", err)
		}
	}
	return a, nil
}
