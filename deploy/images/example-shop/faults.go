package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// Only who may run a program in the Pod reaches it.
	faultsAddress = "127.0.0.1:8081"
	mostCores     = 16
	mostMemory    = 4096
	mostDelay     = 10_000
	mebibyte      = 1 << 20
	// A volume that somebody needs is not filled by mistake.
	largestVolume = 1 << 30
	fillerName    = "filler"
)

// faults are what a running shop is told to do wrong, to see who notices. What is wrong with a version is in version.go.
type faults struct {
	// folder is where the volume is; empty when there is none.
	folder string
	dead   atomic.Bool
	mutex  sync.Mutex
	cores  int
	// burning counts what is still at it: it is told to rest, and sees that a moment later.
	burning atomic.Int32
	rest    context.CancelFunc
	held    []byte
	memory  int
	disk    int
	// delay is what each page waits for, in milliseconds.
	delay atomic.Int32
}

func newFaults(folder string) *faults {
	return &faults{folder: folder, rest: func() {}}
}

// set takes health=failing, delay=<milliseconds of each page>, cpu=<cores>, memory=<MiB in all> and disk=<percent of the volume>;
// ok and 0 end them.
func (f *faults) set(name, value string) error {
	if name == "health" {
		if value != "ok" && value != "failing" {
			return fmt.Errorf("health is %q: set it to ok or failing", value)
		}
		f.dead.Store(value == "failing")
		return nil
	}
	kinds := map[string]struct {
		most int
		unit string
		set  func(int) error
	}{
		"delay":  {mostDelay, "milliseconds", f.wait},
		"cpu":    {mostCores, "cores", f.burn},
		"memory": {mostMemory, "MiB", f.hold},
		"disk":   {100, "percent of the volume", f.fill},
	}
	kind, known := kinds[name]
	if !known {
		return fmt.Errorf("there is no fault %q: choose health, delay, cpu, memory or disk", name)
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < 0 || number > kind.most {
		return fmt.Errorf("%s is %q: set it to a number of %s from 0 to %d", name, value, kind.unit, kind.most)
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return kind.set(number)
}

func (f *faults) wait(milliseconds int) error {
	f.delay.Store(int32(milliseconds))
	return nil
}

// delayed is how long a page takes that would take less by itself.
func (f *faults) delayed(byItself time.Duration) time.Duration {
	return max(byItself, time.Duration(f.delay.Load())*time.Millisecond)
}

func (f *faults) burn(cores int) error {
	f.rest()
	ctx, rest := context.WithCancel(context.Background())
	f.cores, f.rest = cores, rest
	for range cores {
		f.burning.Add(1)
		go func() {
			defer f.burning.Add(-1)
			for ctx.Err() == nil {
			}
		}()
	}
	return nil
}

// hold takes memory past Go's own, which would take more with it, until the program has that many MiB in all.
func (f *faults) hold(mebibytes int) error {
	if f.held != nil {
		if err := syscall.Munmap(f.held); err != nil {
			return fmt.Errorf("the memory was not given back: %w", err)
		}
		f.held, f.memory = nil, 0
	}
	if mebibytes == 0 {
		return nil
	}
	debug.FreeOSMemory()
	has, err := ownMemory()
	if err != nil {
		return err
	}
	missing := mebibytes*mebibyte - has
	if missing <= 0 {
		return fmt.Errorf("the program has %d MiB already: set memory to more", has/mebibyte)
	}
	held, err := syscall.Mmap(-1, 0, missing, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return fmt.Errorf("there were no %d MiB of memory: %w", mebibytes, err)
	}
	for i := 0; i < len(held); i += os.Getpagesize() {
		held[i] = 1
	}
	f.held, f.memory = held, mebibytes
	return nil
}

var anonymous = regexp.MustCompile(`RssAnon:\s+(\d+) kB`)

// ownMemory is in bytes, without what is read from files: that is shared with other Pods, or given back when need be.
func ownMemory() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	found := anonymous.FindSubmatch(status)
	if found == nil {
		return 0, errors.New("/proc/self/status does not tell RssAnon")
	}
	kibibytes, err := strconv.Atoi(string(found[1]))
	return kibibytes * 1024, err
}

// fill writes until that much of the volume is in use. The file outlives the Pod, as a full volume does.
func (f *faults) fill(percent int) error {
	if f.folder == "" {
		return errors.New("the shop has no volume: make a PersistentVolumeClaim shop-files in its namespace, and upgrade the release")
	}
	filler := filepath.Join(f.folder, fillerName)
	if err := os.Remove(filler); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f.disk = 0
	if percent == 0 {
		return nil
	}
	var volume syscall.Statfs_t
	if err := syscall.Statfs(f.folder, &volume); err != nil {
		return fmt.Errorf("the volume at %s does not tell its size: %w", f.folder, err)
	}
	size := int64(volume.Blocks) * volume.Bsize
	if size > largestVolume {
		return fmt.Errorf("the volume has %d MiB, and none of more than %d MiB is filled: give the shop a smaller one",
			size/mebibyte, largestVolume/mebibyte)
	}
	used := size - int64(volume.Bfree)*volume.Bsize
	if err := writeZeros(filler, size*int64(percent)/100-used); err != nil {
		return err
	}
	f.disk = percent
	return nil
}

func writeZeros(name string, count int64) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	zeros := make([]byte, 64<<10)
	for count > 0 {
		written, err := file.Write(zeros[:min(count, int64(len(zeros)))])
		if errors.Is(err, syscall.ENOSPC) {
			return nil
		}
		if err != nil {
			return err
		}
		count -= int64(written)
	}
	return nil
}

func (f *faults) tell(to io.Writer) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	health := "ok"
	if f.dead.Load() {
		health = "failing"
	}
	json.NewEncoder(to).Encode(struct {
		Health string `json:"health"`
		Delay  int32  `json:"delay"`
		CPU    int    `json:"cpu"`
		Memory int    `json:"memory"`
		Disk   int    `json:"disk"`
	}{health, f.delay.Load(), f.cores, f.memory, f.disk})
}

// health keeps the checks of a dead endpoint from the customers' figures: the rest works.
func (f *faults) health(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		if f.dead.Load() && request.URL.Path == "/api/health" {
			http.Error(answer, "the health endpoint was told to fail", http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(answer, request)
	})
}

func (f *faults) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(answer http.ResponseWriter, _ *http.Request) { f.tell(answer) })
	mux.HandleFunc("POST /", func(answer http.ResponseWriter, request *http.Request) {
		if err := request.ParseForm(); err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(request.PostForm)) {
			if err := f.set(name, request.PostForm.Get(name)); err != nil {
				http.Error(answer, err.Error(), http.StatusBadRequest)
				return
			}
			log.Printf("fault: %s=%s", name, request.PostForm.Get(name))
		}
		f.tell(answer)
	})
	return mux
}

// listen takes what tellFaults says, until the program ends.
func (f *faults) listen() error {
	listener, err := net.Listen("tcp", faultsAddress)
	if err != nil {
		return err
	}
	go http.Serve(listener, f.handler())
	return nil
}

// tellFaults sends settings such as cpu=1 to the shop beside it, and prints which are in force.
func tellFaults(url string, settings []string, to io.Writer) error {
	form, err := formOf(settings)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 30 * time.Second}
	var answer *http.Response
	if len(form) == 0 {
		answer, err = client.Get(url)
	} else {
		answer, err = client.PostForm(url, form)
	}
	if err != nil {
		return fmt.Errorf("no shop answers here: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return errors.New(strings.TrimSpace(string(text)))
	}
	_, err = to.Write(text)
	return err
}

func formOf(settings []string) (url.Values, error) {
	form := url.Values{}
	for _, setting := range settings {
		name, value, found := strings.Cut(setting, "=")
		if !found {
			return nil, fmt.Errorf("%q is no setting: write it as in cpu=1", setting)
		}
		form.Set(name, value)
	}
	return form, nil
}
