package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// A device on Azure's SDK uploads files; the packages for Azure Storage do the rest.
func TestAzureUpload(t *testing.T) {
	h := startHub(t)
	p := startPlay(t, h, "upload.js", map[string]string{"device": h.device("truck-1")})
	p.says(`{"what":"small"}`)
	p.says(`{"what":"large"}`)
	p.says(`{"what":"sas","blobName":"truck-1/never.txt","containerName":"uploads","hostName":"` + h.address + `"}`)
	p.says(`{"what":"success without a blob","error":"Error","message":"Bad Request"}`)
	p.says(`{"what":"given up"}`)
	p.says(`{"what":"unknown upload","error":"Error","message":"Bad Request"}`)
	p.ends()

	for name, want := range map[string][]byte{"trips/one.txt": []byte("trace of one trip\n"), "large%20file.bin": bytes.Repeat([]byte("x"), 9<<20)} {
		if got, err := os.ReadFile(filepath.Join(h.data, "uploads", "truck-1", name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}
