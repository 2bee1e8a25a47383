// Program shop is the example shop: "shop web", the default, is its web server, "shop worker" picks its orders. What
// it does wrong is decided by SHOP_VERSION, so that rollouts and rollbacks can be tried with it, and by "shop fault",
// which tells the one that runs in the same Pod. "shop receiver" takes webhooks, and lists them.
//
//	SHOP_VERSION  one of the versions in version.go; each image has its own
//	SHOP_TITLE    the title of the page, by default "Shop"
//	SHOP_URL      the address that the worker asks
//	SHOP_FILES    the folder of the shop's volume, if it has one
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	address = ":8080"
	// Requests still come until all nodes have heard that this Pod ends.
	stillServing = time.Second
	lastAnswers  = 3 * time.Second
	untilCrash   = time.Second
)

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		log.Fatalf("error: %v", err)
	}
}

func run(ctx context.Context, arguments []string) error {
	version := os.Getenv("SHOP_VERSION")
	behaviour, err := behaviourOf(version)
	if err != nil {
		return err
	}
	mode := "web"
	if len(arguments) > 0 {
		mode = arguments[0]
	}
	if mode == "fault" {
		return tellFaults("http://"+faultsAddress, arguments[1:], os.Stdout)
	}
	shop := newShop(version, cmp.Or(os.Getenv("SHOP_TITLE"), "Shop"), behaviour)
	shop.faults.folder = os.Getenv("SHOP_FILES")
	var handler http.Handler
	switch mode {
	case "web":
		handler = shop.webHandler()
	case "receiver":
		mux := shop.probesHandler()
		new(receiver).routes(mux)
		handler = mux
	case "worker":
		url := os.Getenv("SHOP_URL")
		if url == "" {
			return errors.New("SHOP_URL is not set: set it to the address of the shop's web server")
		}
		go newWorker(url, shop.metrics).work(ctx)
		handler = shop.probesHandler()
	default:
		return fmt.Errorf("there is no mode %q: choose web, worker, receiver or fault", mode)
	}
	log.Printf("shop %s starts as %s on %s", version, mode, address)
	if behaviour.crashes {
		time.Sleep(untilCrash)
		return fmt.Errorf("version %s needs the table \"discounts\", which the database does not have", version)
	}
	if err := shop.faults.listen(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return serve(ctx, listener, handler, shop)
}

// serve answers until the context ends, and then what was asked before.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, shop *shop) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: lastAnswers}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	shop.ending.Store(true)
	time.Sleep(stillServing)
	limited, cancel := context.WithTimeout(context.Background(), lastAnswers)
	defer cancel()
	return server.Shutdown(limited)
}
