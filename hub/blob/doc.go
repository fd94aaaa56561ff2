// Package blob is where devices upload files to: the part of Azure Storage's Blob API
// that SDKs use for it. It takes a blob in one PUT or in blocks, gives it back by GET and
// HEAD, and knows one kind of credential: a query signed by [Store.Grant].
//
// Blobs are plain files below the directory of the store, named like the blobs, so that a
// test can look at what was uploaded.
package blob
