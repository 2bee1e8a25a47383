package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// behaviour is what a version does wrong; that of a good one is empty.
type behaviour struct {
	failingOfFive int64
	crashes       bool
	delay         time.Duration
}

// versions has an entry for each tag that deploy/images/lib/context.sh names.
var versions = map[string]behaviour{
	"1.4.1":       {},
	"1.4.2":       {},
	"1.5.0-bad":   {failingOfFive: 2},
	"1.5.1-crash": {crashes: true},
	"1.5.2-slow":  {delay: 2 * time.Second},
}

func behaviourOf(version string) (behaviour, error) {
	found, known := versions[version]
	if !known {
		return behaviour{}, fmt.Errorf("SHOP_VERSION is %q, which is no version of the shop: set it to one of %s",
			version, strings.Join(slices.Sorted(maps.Keys(versions)), ", "))
	}
	return found, nil
}

// sequence tells which requests fail: spread evenly, and the same ones after each start.
type sequence struct {
	failingOfFive int64
	asked         atomic.Int64
}

func (s *sequence) nextFails() bool {
	number := s.asked.Add(1)
	return number*s.failingOfFive%5 < s.failingOfFive
}
