// Package dtdl reads and checks interfaces in the Digital Twins Definition
// Language, version 2 and the same subset of version 3, and checks the JSON that
// devices send against them.
//
// Strict mode keeps every rule of the language that the package knows. Published
// models break some of them; lenient mode turns what can be lived with (units
// nobody knows, texts too long, properties from other vocabularies) into
// warnings. Every finding names the place as a JSON path.
//
// It is not a digital twin graph: relationships are checked and otherwise left
// alone, and no vocabulary is fetched from anywhere.
package dtdl
