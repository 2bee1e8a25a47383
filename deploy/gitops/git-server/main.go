// Command git-server lets the bare repositories of a folder be cloned over HTTP, by git's own program for that.
package main

import (
	"log"
	"net/http"
	"net/http/cgi"
	"os"
	"os/exec"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: git-server ADDRESS:PORT FOLDER")
	}
	git, err := exec.LookPath("git")
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(os.Args[1], &cgi.Handler{
		Path: git,
		Args: []string{"-c", "safe.directory=*", "http-backend"},
		Env:  []string{"GIT_PROJECT_ROOT=" + os.Args[2], "GIT_HTTP_EXPORT_ALL=1"},
	}))
}
