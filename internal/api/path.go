package api

import "github.com/tandem-ipaas/tandem"

// What the paths of requests name. huma finds them in inputs by embedding, for
// which they have to be exported.
type (
	// AccountPath names an account.
	AccountPath struct {
		ID string `path:"id" doc:"The account's id. Case counts, unless it is a GUID."`
	}

	// ConnectorPath names a connector of the library.
	ConnectorPath struct {
		Connector string `path:"connector" doc:"Its id, or its name."`
	}

	// VersionPath names a version of one.
	VersionPath struct {
		ConnectorPath
		Version string `path:"version"`
	}

	// AccountConnectorPath names an installed connector.
	AccountConnectorPath struct {
		ID tandem.AccountConnectorID `path:"id"`
	}

	// FolderPath names a folder of templates.
	FolderPath struct {
		ID guid[tandem.FolderID] `path:"id"`
	}

	// ReleasePath names a release of a template.
	ReleasePath struct {
		TemplatePath
		ReleaseID guid[tandem.ReleaseID] `path:"releaseId"`
	}

	// TemplatePath names a template.
	TemplatePath struct {
		ID guid[tandem.TemplateID] `path:"id"`
	}

	// CyclePath names a cycle.
	CyclePath struct {
		ID guid[tandem.CycleID] `path:"id"`
	}

	// CycleStepPath names a step of a cycle.
	CycleStepPath struct {
		CyclePath
		StepID guid[tandem.StepID] `path:"stepId"`
	}

	// CycleEdgePath names an edge of a cycle.
	CycleEdgePath struct {
		CyclePath
		EdgeID guid[tandem.EdgeID] `path:"edgeId"`
	}

	// CycleVariablePath names a variable of a cycle.
	CycleVariablePath struct {
		CyclePath
		SystemName string `path:"systemName"`
	}

	// TransactionPath names a transaction by itself.
	TransactionPath struct {
		ID guid[string] `path:"id"`
	}

	// StepPath names a step by itself.
	StepPath struct {
		ID guid[tandem.StepID] `path:"id"`
	}

	// StepTargetPath names a parameter or field of a step.
	StepTargetPath struct {
		StepPath
		TargetID int64 `path:"targetId"`
	}
)
