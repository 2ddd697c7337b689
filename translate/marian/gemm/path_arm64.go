package gemm

// available returns the assembly that this processor runs.
func available() []kernels {
	if !hasDotProduct() {
		return nil
	}
	return []kernels{{
		name: "neon", cols: 8, sums: true,
		mul: mulNEON, mulRelu: mulReluNEON, rows: rowsNEON, rowsK: 16,
		float: floatNEON, floatCols: 16,
		quantize: quantizeNEON, embed: embedNEON, addNorm: addNormNEON, ssru: ssruNEON,
		maximum: maximumNEON, sumExp: sumExpNEON,
		attend1: attend1NEON, attendQueries: attendQueriesNEON,
		transpose: transpose4NEON, block: 4,
	}}
}
