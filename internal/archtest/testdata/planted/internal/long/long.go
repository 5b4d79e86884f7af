// Package long gets its long file and function from the test.
package long
