package gemm

// hasDotProduct: every Mac with an Apple processor has it.
func hasDotProduct() bool { return true }
