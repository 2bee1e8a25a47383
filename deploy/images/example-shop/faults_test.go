package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// told is what "shop fault" prints for the settings.
func told(t *testing.T, faults *faults, settings ...string) (string, error) {
	t.Helper()
	server := httptest.NewServer(faults.handler())
	defer server.Close()
	var printed bytes.Buffer
	err := tellFaults(server.URL, settings, &printed)
	return strings.TrimSpace(printed.String()), err
}

func TestFaultsAreToldAndEnded(t *testing.T) {
	faults := newFaults("")
	for _, step := range []struct {
		settings []string
		want     string
	}{
		{nil, `{"health":"ok","delay":0,"cpu":0,"memory":0,"disk":0}`},
		{[]string{"health=failing", "cpu=1"}, `{"health":"failing","delay":0,"cpu":1,"memory":0,"disk":0}`},
		{[]string{"memory=103"}, `{"health":"failing","delay":0,"cpu":1,"memory":103,"disk":0}`},
		{[]string{"memory=105"}, `{"health":"failing","delay":0,"cpu":1,"memory":105,"disk":0}`},
		{[]string{"health=ok", "cpu=0", "memory=0"}, `{"health":"ok","delay":0,"cpu":0,"memory":0,"disk":0}`},
		{[]string{"delay=1500"}, `{"health":"ok","delay":1500,"cpu":0,"memory":0,"disk":0}`},
	} {
		if printed, err := told(t, faults, step.settings...); err != nil || printed != step.want {
			t.Errorf("%v printed %s, %v", step.settings, printed, err)
		}
	}
}

func TestWrongFaultIsRefusedWithWhatThereIs(t *testing.T) {
	for setting, want := range map[string]string{
		"cpu":         "write it as in cpu=1",
		"network=off": "choose health, delay, cpu, memory or disk",
		"health=bad":  "set it to ok or failing",
		"cpu=half":    "a number of cores from 0 to 16",
		"delay=slow":  "a number of milliseconds from 0 to 10000",
		"memory=-1":   "a number of MiB from 0 to 4096",
		"disk=101":    "a number of percent of the volume from 0 to 100",
		"disk=50":     "the shop has no volume",
	} {
		if _, err := told(t, newFaults(""), setting); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestDeadHealthEndpointIsAllThatFails(t *testing.T) {
	shop := shopOf(t, "1.4.2")
	handler := shop.webHandler()
	if err := shop.faults.set("health", "failing"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/api/health": 500, "/": 200, "/ready": 200} {
		if found := get(t, handler, path).Code; found != want {
			t.Errorf("%s answered %d", path, found)
		}
	}
	if told := get(t, handler, "/metrics").Body.String(); strings.Contains(told, `code="500"`) {
		t.Errorf("the check counts as a customer in\n%s", told)
	}
	if err := shop.faults.set("health", "ok"); err != nil {
		t.Fatal(err)
	}
	if found := get(t, handler, "/api/health").Code; found != http.StatusOK {
		t.Errorf("health answered %d afterwards", found)
	}
}

func TestDelayedPageIsAllThatIsSlow(t *testing.T) {
	shop := shopOf(t, "1.4.2")
	handler := shop.webHandler()
	for _, step := range []struct {
		delay string
		slow  bool
	}{{"100", true}, {"0", false}} {
		if err := shop.faults.set("delay", step.delay); err != nil {
			t.Fatal(err)
		}
		for path, slow := range map[string]bool{"/": step.slow, "/api/health": false, "/ready": false} {
			started := time.Now()
			get(t, handler, path)
			if took := time.Since(started); took >= 100*time.Millisecond != slow {
				t.Errorf("%s took %v with a delay of %s", path, took, step.delay)
			}
		}
	}
}

func used(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Waits for processor time and not for time: the machine may be busy with other things.
func TestProcessorIsBusyUntilItIsToldToRest(t *testing.T) {
	faults := newFaults("")
	before := used(t)
	if err := faults.set("cpu", "1"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); used(t)-before < 200*time.Millisecond; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%v of processor time were used in a minute", used(t)-before)
		}
	}
	if err := faults.set("cpu", "0"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); faults.burning.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not rest")
		}
	}
}

func TestMemoryIsInUseAndGivenBack(t *testing.T) {
	faults := newFaults("")
	for _, step := range []struct{ set, least, most int }{{100, 98, 108}, {150, 148, 158}, {0, 0, 50}} {
		if err := faults.set("memory", strconv.Itoa(step.set)); err != nil {
			t.Fatal(err)
		}
		found, err := ownMemory()
		if err != nil {
			t.Fatal(err)
		}
		if found/mebibyte < step.least || found/mebibyte > step.most {
			t.Errorf("the program has %d MiB instead of %d", found/mebibyte, step.set)
		}
	}
	if err := faults.set("memory", "1"); err == nil || !strings.Contains(err.Error(), "MiB already: set memory to more") {
		t.Errorf("error: %v", err)
	}
}

func TestFillerIsWrittenAndRemoved(t *testing.T) {
	filler := filepath.Join(t.TempDir(), fillerName)
	if err := writeZeros(filler, 200_000); err != nil {
		t.Fatal(err)
	}
	if about, err := os.Stat(filler); err != nil || about.Size() != 200_000 {
		t.Errorf("the filler is %v, %v", about, err)
	}
	faults := newFaults(filepath.Dir(filler))
	if err := faults.set("disk", "0"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filler); !os.IsNotExist(err) {
		t.Errorf("the filler is still there: %v", err)
	}
}

// SHOP_TEST_VOLUME is a small file system, such as a tmpfs of 16 MiB; without it no large one may be filled.
func TestVolumeIsFilledToThePercentAndNoLargeOneIs(t *testing.T) {
	folder := os.Getenv("SHOP_TEST_VOLUME")
	if folder == "" {
		var volume syscall.Statfs_t
		folder = t.TempDir()
		if err := syscall.Statfs(folder, &volume); err != nil || int64(volume.Blocks)*volume.Bsize <= largestVolume {
			t.Skipf("%s is too small to be refused, %v", folder, err)
		}
		if err := newFaults(folder).set("disk", "95"); err == nil || !strings.Contains(err.Error(), "give the shop a smaller one") {
			t.Errorf("error: %v", err)
		}
		return
	}
	faults := newFaults(folder)
	for _, percent := range []int{95, 50, 100, 0} {
		if err := faults.set("disk", strconv.Itoa(percent)); err != nil {
			t.Fatal(err)
		}
		var volume syscall.Statfs_t
		if err := syscall.Statfs(folder, &volume); err != nil {
			t.Fatal(err)
		}
		if found := int(100 - volume.Bfree*100/volume.Blocks); found < percent-1 || found > percent+1 {
			t.Errorf("%d percent are in use instead of %d", found, percent)
		}
	}
}
