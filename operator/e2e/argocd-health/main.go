// Command argocd-health prints what the health script of a ConfigMap argocd-cm says of each JSON document on standard
// input: one line "STATUS<TAB>message" a document. The engine, its version and the libraries that a script may use are those
// of Argo CD; its own program, which needs ten minutes to build, is asked the same by "make test-gitops".
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
	"sigs.k8s.io/yaml"
)

// libraries are those that a script may use.
var libraries = []struct {
	name string
	open lua.LGFunction
}{
	{lua.LoadLibName, lua.OpenPackage},
	{lua.BaseLibName, lua.OpenBase},
	{lua.TabLibName, lua.OpenTable},
}

type health struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return errors.New("usage: argocd-health ARGOCD-CM.yaml < objects")
	}
	scripts, err := read(os.Args[1])
	if err != nil {
		return fmt.Errorf("%s: %w", os.Args[1], err)
	}
	documents := json.NewDecoder(os.Stdin)
	for {
		var object map[string]any
		if err := documents.Decode(&object); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
		found, err := judge(scripts, object)
		if err != nil {
			return fmt.Errorf("%v: %w", object["kind"], err)
		}
		fmt.Printf("%s\t%s\n", found.Status, found.Message)
	}
}

// read finds the scripts by the pattern of the objects that they are for.
func read(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var configMap struct {
		Data map[string]string `json:"data"`
	}
	if err := yaml.Unmarshal(text, &configMap); err != nil {
		return nil, err
	}
	customizations := map[string]map[string]any{}
	if err := yaml.Unmarshal([]byte(configMap.Data["resource.customizations"]), &customizations); err != nil {
		return nil, err
	}
	scripts := map[string]string{}
	for pattern, customization := range customizations {
		if script, ok := customization["health.lua"].(string); ok {
			scripts[pattern] = script
		}
	}
	return scripts, nil
}

func judge(scripts map[string]string, object map[string]any) (health, error) {
	version, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	for pattern, script := range scripts {
		matches, err := path.Match(pattern, path.Dir(version)+"/"+kind)
		if err != nil {
			return health{}, err
		}
		if matches {
			return execute(script, object)
		}
	}
	return health{}, errors.New("no health script is for this kind")
}

func execute(script string, object map[string]any) (health, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range libraries {
		call := lua.P{Fn: state.NewFunction(library.open), Protect: true}
		if err := state.CallByParam(call, lua.LString(library.name)); err != nil {
			return health{}, err
		}
	}
	state.SetGlobal("obj", luajson.DecodeValue(state, object))
	if err := state.DoString(script); err != nil {
		return health{}, err
	}
	text, err := luajson.Encode(state.Get(-1))
	if err != nil {
		return health{}, err
	}
	var found health
	return found, json.Unmarshal(text, &found)
}
