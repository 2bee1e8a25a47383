# Two commands for a stranger: make demo, make test. `make help` lists the others.
.DEFAULT_GOAL := help
.PHONY: help demo demo-down test test-gitops check bench bench-backup bench-rollback bench-schedule bench-alerts bench-restore pictures format generate package cli

include deploy/local/local.mk
include helm/helm.mk
include operator/e2e/e2e.mk

help: ## lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "  %-18s %s\n", $$1, $$2 }'

demo: ## sets everything up on this machine, backs up an example shop, rolls it back, shows what to look at
	deploy/demo up

demo-down: ## removes the demo and its cluster; what was built stays in the cache
	deploy/demo down

test: ## sets up and runs every test, level by level
	deploy/test

test-gitops: ## Argo CD and Flux with Mainstay's objects and its rollbacks; builds both the first time
	deploy/test-gitops

check: ## format, compile, unit and golden tests: before each commit
	deploy/test quick

bench: ## measures what the operator needs, and keeps the figures in docs/bench
	deploy/bench

bench-backup: ## measures a backup beside the pipelines that people write, and keeps the figures in docs/bench
	deploy/bench backup

bench-rollback: ## measures a rollback beside kubectl rollout undo, and keeps the figures in docs/bench
	deploy/bench rollback

bench-schedule: ## measures how punctual 1,000 schedules are beside 1,000 CronJobs, and keeps the figures in docs/bench
	deploy/bench schedule

bench-alerts: ## measures 10,000 AlertRules beside one query a rule and beside native rules, and keeps the figures in docs/bench
	deploy/bench alerts

bench-restore: ## measures a restore beside a pipeline of pg_restore, and a swap, and keeps the figures in docs/bench
	deploy/bench restore

pictures: ## the maintenance page as phones and desktops show it, and keeps four pictures in docs/pictures
	deploy/pictures

format: ## formats the Java sources
	deploy/with-jdk mvn -q spotless:apply

generate: ## writes what is generated: definitions, reference pages, goldens, deploy/install.yaml
	deploy/with-jdk mvn -q test -Dgolden.update=true -DexcludedGroups=process
	helm/test --update

package: ## the jars that the images are made of
	deploy/with-jdk mvn -q package -DskipTests

cli: ## the command mainstay, in one file: operator/cli/target/mainstay
	deploy/with-jdk mvn -q -pl operator/cli -am package -DskipTests
	cd operator/cli && cat src/main/sh/mainstay target/mainstay-cli-*.jar >target/mainstay && chmod +x target/mainstay
