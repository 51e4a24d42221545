// SPDX-License-Identifier: MIT
#include "signatures.hpp"

#include <algorithm>

namespace riskmap::siting {

namespace {

/// splitmix64 (Steele, Lea and Flood 2014).
std::uint64_t scrambled(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

} // namespace

Signature signature_of(std::uint64_t member) {
    return {scrambled(2 * member), scrambled(2 * member + 1)};
}

std::pair<std::uint32_t, bool> SignatureTable::number(const Signature& signature) {
    if (2 * (m_signatures.size() + 1) > m_table.size())
        grow();
    auto& entry = find(signature);
    const bool is_new = entry == none;
    if (is_new) {
        entry = static_cast<std::uint32_t>(m_signatures.size());
        m_signatures.push_back(signature);
    }
    return {entry, is_new};
}

std::uint32_t& SignatureTable::find(const Signature& signature) {
    std::size_t at = signature.low & (m_table.size() - 1);
    while (m_table[at] != none && m_signatures[m_table[at]] != signature)
        at = (at + 1) & (m_table.size() - 1);
    return m_table[at];
}

void SignatureTable::grow() {
    m_table.assign(std::max<std::size_t>(1024, 2 * m_table.size()), none);
    for (std::size_t g = 0; g < m_signatures.size(); ++g)
        find(m_signatures[g]) = static_cast<std::uint32_t>(g);
}

} // namespace riskmap::siting
