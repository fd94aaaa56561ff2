package fmi

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// Bounds on what an FMU may unpack to.
const (
	maxFiles    = 10_000
	maxUnpacked = 2 << 30
)

// Describe reads an FMU's description and nothing else of it.
func Describe(path string) (*Description, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("read FMU %s: %w", path, err)
	}
	defer z.Close()
	text, err := z.Open("modelDescription.xml")
	if err != nil {
		return nil, fmt.Errorf("read FMU %s: it has no modelDescription.xml", path)
	}
	defer text.Close()
	d, err := ReadDescription(text)
	if err != nil {
		return nil, fmt.Errorf("read FMU %s: %w", path, err)
	}
	return d, nil
}

// unpack writes an FMU's files below dir and returns its description and the
// path of its library for this machine.
func unpack(path, dir string) (*Description, string, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, "", fmt.Errorf("open FMU %s: %w", path, err)
	}
	defer z.Close()
	if len(z.File) > maxFiles {
		return nil, "", fmt.Errorf("open FMU %s: it has %d files", path, len(z.File))
	}
	left := int64(maxUnpacked)
	for _, f := range z.File {
		if err := extract(f, dir, &left); err != nil {
			return nil, "", fmt.Errorf("open FMU %s: %s: %w", path, f.Name, err)
		}
	}
	text, err := os.Open(filepath.Join(dir, "modelDescription.xml"))
	if err != nil {
		return nil, "", fmt.Errorf("open FMU %s: it has no modelDescription.xml", path)
	}
	defer text.Close()
	d, err := ReadDescription(text)
	if err != nil {
		return nil, "", fmt.Errorf("open FMU %s: %w", path, err)
	}
	library := filepath.Join(dir, "binaries", platform(d.Version), d.Identifier+".so")
	if _, err := os.Stat(library); err != nil {
		return nil, "", fmt.Errorf("open FMU %s: it has no library for this machine (binaries/%s/%s.so)", path, platform(d.Version), d.Identifier)
	}
	return d, library, nil
}

// extract writes one file; names that lead out of dir are refused.
func extract(f *zip.File, dir string, left *int64) error {
	if !filepath.IsLocal(f.Name) {
		return errors.New("the name leads out of the FMU")
	}
	target := filepath.Join(dir, f.Name)
	if f.FileInfo().IsDir() {
		return os.MkdirAll(target, 0o700)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return err
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(in, *left+1))
	if *left -= n; err == nil && *left < 0 {
		err = fmt.Errorf("unpacked it has more than %d bytes", int64(maxUnpacked))
	}
	return errors.Join(err, out.Close())
}

// platform is the folder of this machine's libraries, in the words of each
// version of the standard.
func platform(version int) string {
	switch {
	case version == 2 && runtime.GOARCH == "amd64":
		return runtime.GOOS + "64"
	case runtime.GOARCH == "amd64":
		return "x86_64-" + runtime.GOOS
	case runtime.GOARCH == "arm64":
		return "aarch64-" + runtime.GOOS
	}
	return runtime.GOARCH + "-" + runtime.GOOS
}
