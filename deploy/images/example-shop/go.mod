module mainstay.dev/example-shop

go 1.26
