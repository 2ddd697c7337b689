module depeche/segment/peers

go 1.26.0

require (
	depeche v0.0.0
	github.com/clipperhouse/uax29/v2 v2.7.0
	github.com/neurosnap/sentences v1.1.2
)

require golang.org/x/text v0.43.0 // indirect

replace depeche => ../..
