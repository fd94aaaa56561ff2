// This file is empty on purpose: it lets quiet.go declare a function without a body.
