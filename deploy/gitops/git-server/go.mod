module mainstay.dev/gitops/git-server

go 1.26.0
