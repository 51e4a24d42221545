// SPDX-License-Identifier: MIT
// Marks the loops over cells that are compiled twice, for any x86-64 machine
// and for those with AVX2; the loader picks. Both give the same bits, as
// products and sums are never contracted.
#pragma once

// Sanitizers cannot run the loader's resolvers.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define RISKMAP_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define RISKMAP_VECTORISED
#endif
