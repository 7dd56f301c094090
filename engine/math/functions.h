// Every elementary function of the engine. They give the same bits with gcc, clang and in wasm, which the platforms'
// own libm does not promise; only + - * /, sqrt and moves of bits are used, each of which IEEE 754 defines exactly.
// A bound such as "0.7 ulp" is the largest distance from the true value, in units of the result's last place;
// tests/engine/math measures every one against 80-bit long double.
#pragma once

#include "engine/math/activation.h"  // IWYU pragma: export
#include "engine/math/atan.h"        // IWYU pragma: export
#include "engine/math/basic.h"       // IWYU pragma: export
#include "engine/math/exp.h"         // IWYU pragma: export
#include "engine/math/log.h"         // IWYU pragma: export
#include "engine/math/pow.h"         // IWYU pragma: export
#include "engine/math/trig.h"        // IWYU pragma: export
