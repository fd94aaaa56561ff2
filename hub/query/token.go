package query

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// token is a word of a query.
type token struct {
	kind   tokenKind
	text   string // of a name or symbol, the value of a string
	number float64
	offset int
}

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenString
	tokenNumber
	tokenSymbol
	tokenBracketed // [[name]], whose name is taken as it stands
)

// is reports whether the token is a keyword, in any case, or a symbol.
func (t token) is(word string) bool {
	switch t.kind {
	case tokenName:
		return strings.EqualFold(t.text, word)
	case tokenSymbol:
		return t.text == word
	}
	return false
}

func (t token) String() string {
	switch t.kind {
	case tokenEnd:
		return "the end"
	case tokenString:
		return strconv.Quote(t.text)
	case tokenNumber:
		return strconv.FormatFloat(t.number, 'g', -1, 64)
	}
	return t.text
}

// symbols, longer ones first.
var symbols = []string{"!=", "<>", "<=", ">=", "(", ")", "[", "]", ",", ".", "*", "/", "%", "+", "-", "=", "<", ">"}

// tokens splits a query.
func tokens(text string) (all []token, err error) {
	for at := 0; ; {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
		t, n, err := next(text, at)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
		if t.kind == tokenEnd {
			return all, nil
		}
		at += n
	}
}

func next(text string, at int) (t token, n int, err error) {
	rest := text[at:]
	switch {
	case rest == "":
		return token{kind: tokenEnd, offset: at}, 0, nil
	case strings.HasPrefix(rest, "[["):
		name, _, ok := strings.Cut(rest[2:], "]]")
		if !ok {
			return t, 0, errorAt(at, "[[ has no ]]")
		}
		return token{kind: tokenBracketed, text: name, offset: at}, len(name) + 4, nil
	case rest[0] == '\'' || rest[0] == '"':
		return quoted(rest, at)
	case digit(rest[0]) || rest[0] == '.' && len(rest) > 1 && digit(rest[1]):
		return numeral(rest, at)
	case nameByte(rest[0]):
		for n < len(rest) && (nameByte(rest[n]) || digit(rest[n])) {
			n++
		}
		return token{kind: tokenName, text: rest[:n], offset: at}, n, nil
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) {
			return token{kind: tokenSymbol, text: s, offset: at}, len(s), nil
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return t, 0, errorAt(at, "%q has no meaning in a query", r)
}

// nameByte says whether a byte may begin a name. Property names may have any letters;
// what else they have is written in [[ ]] or ['…'].
func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$' || c >= utf8.RuneSelf
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// quoted reads a string. A quote within is doubled or has a backslash before it.
func quoted(rest string, at int) (token, int, error) {
	var b strings.Builder
	quote := rest[0]
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\' && i+1 < len(rest) && strings.IndexByte(`'"\/`, rest[i+1]) >= 0:
			i++
			b.WriteByte(rest[i])
		case c == quote && i+1 < len(rest) && rest[i+1] == quote:
			i++
			b.WriteByte(quote)
		case c == quote:
			return token{kind: tokenString, text: b.String(), offset: at}, i + 1, nil
		default:
			b.WriteByte(c)
		}
	}
	return token{}, 0, errorAt(at, "the string has no end; close it with %c", quote)
}

// numeral reads a decimal or hexadecimal number.
func numeral(rest string, at int) (token, int, error) {
	n := 0
	if strings.HasPrefix(rest, "0x") || strings.HasPrefix(rest, "0X") {
		for n = 2; n < len(rest) && strings.IndexByte("0123456789abcdefABCDEF", rest[n]) >= 0; n++ {
		}
		v, err := strconv.ParseUint(rest[2:n], 16, 64)
		if err != nil {
			return token{}, 0, errorAt(at, "%s is not a number", rest[:n])
		}
		return token{kind: tokenNumber, number: float64(v), offset: at}, n, nil
	}
	for n < len(rest) && (digit(rest[n]) || rest[n] == '.' || rest[n] == 'e' || rest[n] == 'E' ||
		(rest[n] == '+' || rest[n] == '-') && (rest[n-1] == 'e' || rest[n-1] == 'E')) {
		n++
	}
	v, err := strconv.ParseFloat(rest[:n], 64)
	if err != nil {
		return token{}, 0, errorAt(at, "%s is not a number", rest[:n])
	}
	return token{kind: tokenNumber, number: v, offset: at}, n, nil
}
