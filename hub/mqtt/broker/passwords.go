package broker

import (
	"crypto/pbkdf2"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Passwords are the users who may come in, as mosquitto_passwd writes them down.
type Passwords struct {
	users    map[string]hash
	stranger hash // what the password of an unknown user is compared with, to take as long
}

// hash of a password: PBKDF2 with HMAC-SHA-512.
type hash struct {
	iterations int
	salt, sum  []byte
}

const maxIterations = 10_000_000

// ParsePasswords reads a password file: lines of name:$7$iterations$salt$hash, which is what
// mosquitto_passwd makes. name is the file's name in errors.
func ParsePasswords(name string, text []byte) (*Passwords, error) {
	p := &Passwords{users: map[string]hash{}, stranger: hash{iterations: 1, salt: []byte{0}, sum: make([]byte, sha512.Size)}}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.line(line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return p, nil
}

// line reads one user. Errors do not quote the line: it may hold a password.
func (p *Passwords) line(line string) error {
	user, text, ok := strings.Cut(line, ":")
	if !ok || user == "" {
		return errors.New("is not a line of name:hash")
	}
	if _, twice := p.users[user]; twice {
		return fmt.Errorf("user %q is listed twice", user)
	}
	h, err := parseHash(text)
	if err != nil {
		return fmt.Errorf("user %q: %w", user, err)
	}
	p.users[user] = h
	p.stranger.iterations = max(p.stranger.iterations, h.iterations)
	return nil
}

func parseHash(text string) (h hash, err error) {
	parts := strings.Split(text, "$")
	switch {
	case !strings.HasPrefix(text, "$"):
		return h, errors.New("password is in plain text, which is not accepted; hash it with: mosquitto_passwd -U FILE")
	case parts[1] != "7":
		return h, fmt.Errorf("hash is of type $%s$; only $7$ (PBKDF2 with SHA-512) is accepted: set the password again with mosquitto_passwd", parts[1])
	case len(parts) != 5:
		return h, errors.New("hash is not $7$iterations$salt$hash")
	}
	h.iterations, err = strconv.Atoi(parts[2])
	if err != nil || h.iterations < 1 || h.iterations > maxIterations {
		return h, fmt.Errorf("number of iterations is not one of 1 to %d", maxIterations)
	}
	h.salt, err = base64.StdEncoding.DecodeString(parts[3])
	if err != nil || len(h.salt) == 0 {
		return h, errors.New("salt is not base64")
	}
	h.sum, err = base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(h.sum) != sha512.Size {
		return h, errors.New("hash is not 64 bytes in base64")
	}
	return h, nil
}

// check says whether a password is the user's.
func (p *Passwords) check(user string, password []byte) bool {
	h, known := p.users[user]
	if !known {
		h = p.stranger
	}
	sum, err := pbkdf2.Key(sha512.New, string(password), h.salt, h.iterations, sha512.Size)
	return err == nil && subtle.ConstantTimeCompare(sum, h.sum) == 1 && known
}
