package harvesters

// Format is the type of a source, as a manifest names it.
type Format string

// The four formats of the QualityLink data exchange specification.
const (
	ELM    Format = "elm"
	OOAPI  Format = "ooapi"
	EduAPI Format = "edu-api"
	OCCAPI Format = "occapi"
)

// Class says whose courses a provider may describe (QualityLink access policy).
type Class string

// The provider classes. The empty Class is Own.
const (
	Own           Class = "provider"      // its own courses only
	Authoritative Class = "authoritative" // any provider's courses
	ThirdParty    Class = "third-party"   // named indicators of any provider's courses
)

// Provider is an institution that publishes course data.
type Provider struct {
	SCHAC      string            // domain name that identifies it, lower case
	Names      map[string]string // language tag → legal name
	ETER       string            // ETER / OrgReg id, "AT0001"
	DEQAR      string            // "DEQARINST0001"
	Website    string
	Class      Class
	Indicators []string // property IRIs that a third party may state
}

// Source is one published feed.
type Source struct {
	Provider    Provider
	ID          string // the manifest's id, else 12 hex digits of SHA-256 over type and path
	Name        string
	Format      Format
	Version     string // as the manifest gives it: "5", "6.0", ""
	Path        string // URL of the feed or of the API's root
	ContentType string // overrides the response's, for ELM
	PageSize    int    // 0: the format's default
}
