package gemm

// available returns the assembly that this processor runs, slowest first.
func available() []kernels {
	if !hasAVX2() {
		return nil
	}
	ks := []kernels{{
		name: "avx2", cols: 16, pairs: true,
		mul: mulAVX2, mulRelu: mulReluAVX2, rows: rowsAVX2, rowsPairs: rowsPairsAVX2, rowsK: 32,
		float: floatAVX2, floatCols: 16,
		quantize: quantizeAVX2, embed: embedAVX2, addNorm: addNormAVX2, addNorm4: addNorm4AVX2, ssru: ssruAVX2,
		maximum: maximumAVX2, sumExp: sumExpAVX2,
		attend1: attend1AVX2, attendQueries: attendQueriesAVX2, attendHeads: attendHeadsAVX2,
		transpose: transpose8AVX2, block: 8,
	}}
	if hasVNNI() {
		k := kernels{
			name: "vnni", cols: 32,
			mul: mulVNNI, mulRelu: mulReluVNNI, rows: rowsVNNI, rowsK: 64,
			float: floatAVX512, floatCols: 32,
			quantize: quantizeAVX512, embed: embedAVX512, addNorm: addNormAVX512, addNorm4: addNorm4AVX512, ssru: ssruAVX512,
			maximum: maximumAVX512, sumExp: sumExpAVX512,
			attend1: attend1AVX512, attendQueries: attendQueriesAVX512, attendQueries8: attendQueries8AVX512, attendHeads: attendHeadsAVX512,
			transpose: transpose8AVX2, block: 8,
		}
		if halfWidth() {
			k.addNorm4, k.attendQueries, k.attendQueries8, k.attendHeads = nil, attendQueriesAVX2, nil, nil
		}
		ks = append(ks, k)
	}
	return ks
}

// hasAVX2 reports AVX2, and that the system keeps the ymm registers.
// Source: Intel's manual, volume 1, section 14.3.
func hasAVX2() bool {
	top, _, _, _ := cpuid(0, 0)
	if top < 7 {
		return false
	}
	const osxsave, avx = 1 << 27, 1 << 28
	_, _, c, _ := cpuid(1, 0)
	if c&osxsave == 0 || c&avx == 0 || xgetbv()&0x6 != 0x6 {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&(1<<5) != 0
}

// hasVNNI reports the parts of AVX-512 that the kernels use (F, DQ, BW, VL,
// VNNI), and that the system keeps the zmm and mask registers.
func hasVNNI() bool {
	const f, dq, bw, vl, dot = 1 << 16, 1 << 17, 1 << 30, 1 << 31, 1 << 11
	_, b, c, _ := cpuid(7, 0)
	const want = f | dq | bw | vl
	return b&want == want && c&dot != 0 && xgetbv()&0xe6 == 0xe6
}

// halfWidth reports AMD's family 19h, Zen 4, whose units are 256 bits wide: there
// attention of four queries took 9 to 32 % longer on zmm registers, from 8 keys to
// 127, and the kernels made since for wide units have not been tried.
func halfWidth() bool {
	_, vendor, _, _ := cpuid(0, 0)
	signature, _, _, _ := cpuid(1, 0)
	const auth = 'A' | 'u'<<8 | 't'<<16 | 'h'<<24
	return vendor == auth && signature>>8&0xf+signature>>20&0xff == 0x19
}
