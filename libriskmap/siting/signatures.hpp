// SPDX-License-Identifier: MIT
// Private: sets told apart by 128 random bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace riskmap::siting {

/// A set as the sum of one random number for each member: equal for equal sets, and of 128
/// bits, so that unequal sets do not collide.
struct Signature {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const Signature&, const Signature&) = default;

    void add(const Signature& other) {
        low += other.low;
        high += other.high;
    }
};

/// That of a set of one member.
[[nodiscard]] Signature signature_of(std::uint64_t member);

/// Numbers signatures in the order in which they come.
class SignatureTable {
  public:
    /// The number of a signature, and whether it is new.
    std::pair<std::uint32_t, bool> number(const Signature& signature);

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    std::uint32_t& find(const Signature& signature);
    void grow();

    std::vector<Signature> m_signatures;
    std::vector<std::uint32_t> m_table; ///< open addressing; a power of two
};

} // namespace riskmap::siting
