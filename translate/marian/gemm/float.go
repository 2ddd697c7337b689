package gemm

// Float multiplies a (rows×k) by b (k×n) and adds bias (n elements, or nil).
// Sums run in the order of k and take the bias last.
func (c *CPU) Float(dst, a, b []float32, rows, k, n int, bias []float32) {
	c.floatMul(dst, a, b, rows, k, n, bias, false)
}

// FloatRelu is [CPU.Float] followed by max(0, x).
func (c *CPU) FloatRelu(dst, a, b []float32, rows, k, n int, bias []float32) {
	c.floatMul(dst, a, b, rows, k, n, bias, true)
}

func (c *CPU) floatMul(dst, a, b []float32, rows, k, n int, bias []float32, relu bool) {
	check("dst", len(dst), rows*n)
	check("a", len(a), rows*k)
	check("b", len(b), k*n)
	if bias != nil {
		check("bias", len(bias), n)
	}
	done := 0
	if c.floatCols > 0 && rows > 0 && k > 0 {
		for ; done+c.floatCols <= n; done += c.floatCols {
			c.float(&dst[done], &a[0], &b[done], uintptr(rows), uintptr(k), uintptr(n))
		}
	}
	for i := range rows {
		d := dst[i*n : i*n+n]
		if done < n {
			floatRow(d[done:], a[i*k:i*k+k], b[done:], n)
		}
		if bias != nil {
			for j, v := range bias[:n] {
				d[j] += v
			}
		}
		if relu {
			for j, v := range d {
				d[j] = max(0, v)
			}
		}
	}
}

// floatRow computes one row of a product whose right side has a row stride of n.
func floatRow(d, a, b []float32, n int) {
	clear(d)
	for l, x := range a {
		for j, w := range b[l*n : l*n+len(d)] {
			d[j] += float32(x * w)
		}
	}
}
