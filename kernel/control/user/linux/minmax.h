/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: each argument is evaluated once, as in the kernel. */
#ifndef _V2X_USER_MINMAX_H
#define _V2X_USER_MINMAX_H

#define min(a, b) ({				\
	__auto_type _mna = (a);			\
	__auto_type _mnb = (b);			\
	_mna < _mnb ? _mna : _mnb; })
#define max(a, b) ({				\
	__auto_type _mxa = (a);			\
	__auto_type _mxb = (b);			\
	_mxa > _mxb ? _mxa : _mxb; })
#define clamp(v, lo, hi) ({			\
	__auto_type _cv = (v);			\
	__auto_type _cl = (lo);			\
	__auto_type _ch = (hi);			\
	_cv < _cl ? _cl : _cv > _ch ? _ch : _cv; })
#define min_t(t, a, b) ({			\
	t _mta = (a);				\
	t _mtb = (b);				\
	_mta < _mtb ? _mta : _mtb; })
#define max_t(t, a, b) ({			\
	t _mua = (a);				\
	t _mub = (b);				\
	_mua > _mub ? _mua : _mub; })
#define clamp_t(t, v, lo, hi) ({		\
	t _ctv = (v);				\
	t _ctl = (lo);				\
	t _cth = (hi);				\
	_ctv < _ctl ? _ctl : _ctv > _cth ? _cth : _ctv; })
#define swap(a, b) do {				\
	__auto_type _sw = (a);			\
	(a) = (b);				\
	(b) = _sw;				\
} while (0)

#endif
