package dtdl

// ContentKind is what a content of an interface is.
type ContentKind string

// The kinds of content.
const (
	Telemetry    ContentKind = "Telemetry"
	Property     ContentKind = "Property"
	Command      ContentKind = "Command"
	Relationship ContentKind = "Relationship"
	Component    ContentKind = "Component"
)

// Interface is one interface as its text says it, nothing resolved.
type Interface struct {
	ID          string
	Language    int // 2 or 3
	DisplayName string
	Description string
	Contents    []*Content
	Extends     []string
	Inline      []*Interface // interfaces written out where others are named
}

// Content is one element of an interface.
type Content struct {
	Kind        ContentKind
	Name        string
	DisplayName string
	Description string
	Semantic    string // semantic type, e.g. "Temperature"; "" when it has none
	Unit        string // DTDL name of the unit, e.g. "degreeCelsius"
	Schema      *Schema
	Writable    bool     // properties
	Request     *Payload // commands
	Response    *Payload
	Target      string // interface of a component
	Path        string // where in the text
}

// Payload is what a command takes or answers.
type Payload struct {
	Name   string
	Schema *Schema
}

// SchemaKind is what a schema describes: a primitive such as "double", or one of
// the complex kinds.
type SchemaKind string

// The complex schemas. Primitive and geospatial ones bear their own names.
const (
	Array  SchemaKind = "Array"
	Enum   SchemaKind = "Enum"
	Map    SchemaKind = "Map"
	Object SchemaKind = "Object"
)

// Schema is the form of a value.
type Schema struct {
	Kind    SchemaKind
	Element *Schema     // of an Array; of a Map's values
	Values  []EnumValue // of an Enum
	Integer bool        // an Enum's values are integers, else strings
	Fields  []Field     // of an Object
}

// EnumValue is one value of an Enum.
type EnumValue struct {
	Name  string
	Text  string // value of a string Enum
	Value int64  // value of an integer Enum
}

// Field is one member of an Object.
type Field struct {
	Name     string
	Semantic string
	Unit     string
	Schema   *Schema
}

// Content finds a content by name.
func (i *Interface) Content(name string) (*Content, bool) {
	for _, c := range i.Contents {
		if c.Name == name {
			return c, true
		}
	}
	return nil, false
}

// Field finds a member of an Object by name.
func (s *Schema) Field(name string) (Field, bool) {
	for _, f := range s.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

var primitives = map[string]bool{
	"boolean": true, "date": true, "dateTime": true, "double": true, "duration": true, "float": true,
	"integer": true, "long": true, "string": true, "time": true,
	"point": true, "multiPoint": true, "lineString": true, "multiLineString": true, "polygon": true, "multiPolygon": true,
}

// geospatial schemas are objects of GeoJSON.
var geospatial = map[SchemaKind]string{
	"point": "Point", "multiPoint": "MultiPoint", "lineString": "LineString", "multiLineString": "MultiLineString",
	"polygon": "Polygon", "multiPolygon": "MultiPolygon",
}
