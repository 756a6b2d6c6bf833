// pdfcpu, a maker of files that others sign.
//
//	pdfcpu packed|plain IN OUT     write a file anew, with or without object streams
//	pdfcpu created IN OUT          make the page that a description in JSON asks for
package main

import (
	"fmt"
	"os"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

func main() {
	kind, in, out := os.Args[1], os.Args[2], os.Args[3]
	api.DisableConfigDir()
	settings := model.NewDefaultConfiguration()
	settings.WriteObjectStream = kind != "plain"
	settings.WriteXRefStream = kind != "plain"
	if err := write(kind, in, out, settings); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(kind, in, out string, settings *model.Configuration) error {
	if kind == "created" {
		return api.CreateFile("", in, out, settings)
	}
	return api.OptimizeFile(in, out, settings)
}
