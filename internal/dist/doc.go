// Package dist serves what the build of web/ made: pages, and the files that
// they are made of, from memory.
//
// [Read] takes all of them once, with a strong ETag each and the compressed
// copies that the build made. What Vite put under assets/ carries a hash of its
// content in its name and is cached for ever; everything else, pages above all,
// is revalidated at every load, so that a new version is seen at once.
//
// The same files are served under several paths: the console's and the account's
// pages are two, with most of their parts in common. A path that names no file
// is the page's own business: the browser's router knows the routes.
package dist
