package detmath

import (
	"math"
	"math/bits"
)

// twoOverPiBits are the first 1280 bits of 2/π after the point.
var twoOverPiBits = [20]uint64{
	0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
	0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
	0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
	0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
	0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
}

// reduceLarge is reduce for |x| ≥ 2^20, after Payne and Hanek: of 2/π it takes
// the 192 bits that decide x·2/π modulo 4 and multiplies in integers.
func reduceLarge(x float64) (q int, h, l float64) {
	b := math.Float64bits(x)
	m := b&(1<<52-1) | 1<<52
	e := int(b>>52&0x7ff) - 1075 // |x| = m·2^e
	w0, w1, w2 := window(e - 1)
	// The product's low 192 bits are x·2/π modulo 4, with 190 bits after the point.
	hi2, p2 := bits.Mul64(w2, m)
	hi1, p1 := bits.Mul64(w1, m)
	p1, carry := bits.Add64(p1, hi2, 0)
	p0 := w0*m + hi1 + carry

	q = int(p0 >> 62)
	p0 = p0<<2 | p1>>62
	p1 = p1<<2 | p2>>62
	p2 <<= 2
	negative := p0>>63 == 1
	if negative {
		q++
		p2, carry = bits.Sub64(0, p2, 0)
		p1, carry = bits.Sub64(0, p1, carry)
		p0, _ = bits.Sub64(0, p0, carry)
	}
	h, l = fraction(p0, p1, p2)
	if negative {
		h, l = -h, -l
	}
	if x < 0 {
		return -q, -h, -l
	}
	return q, h, l
}

// window returns 192 bits of 2/π starting at the one with weight 2^-first; bits
// before the point are zero.
func window(first int) (w0, w1, w2 uint64) {
	word := func(first int) uint64 { // 64 bits from bit number first, counted from 1
		i, s := (first-1)>>6, uint((first-1)&63)
		var a, b uint64
		if i >= 0 {
			a = twoOverPiBits[i]
		}
		if i+1 >= 0 {
			b = twoOverPiBits[i+1]
		}
		return a<<s | b>>1>>(63-s)
	}
	return word(first), word(first + 64), word(first + 128)
}

// fraction returns the 192-bit fraction times π/2 as an unevaluated sum.
func fraction(p0, p1, p2 uint64) (h, l float64) {
	shift := 0
	for p0 == 0 && shift < 128 {
		p0, p1, p2 = p1, p2, 0
		shift += 64
	}
	n := uint(bits.LeadingZeros64(p0))
	p0 = p0<<n | p1>>1>>(63-n)
	p1 = p1<<n | p2>>1>>(63-n)
	shift += int(n)
	unit := pow2(-shift)
	fh := float64(float64(p0>>11)*0x1p-53) * unit
	fl := float64(float64(p0<<53>>11|p1>>22)*0x1p-106) * unit
	const halfPiH, halfPiL = 0x1.921fb54442d18p+00, 0x1.1a62633145c07p-54
	h, l = product(fh, halfPiH)
	l += float64(fl*halfPiH) + float64(fh*halfPiL)
	return quickSum(h, l)
}
