//go:build arm64 && !linux && !darwin

package gemm

// hasDotProduct: not asked elsewhere.
func hasDotProduct() bool { return false }
