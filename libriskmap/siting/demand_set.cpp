// SPDX-License-Identifier: MIT
#include <riskmap/siting/demand_set.hpp>

#include <algorithm>

namespace riskmap::siting {

DemandSet::DemandSet(std::span<const std::uint32_t> rising) {
    for (const auto demand : rising)
        add(demand);
    close();
}

void DemandSet::add(std::uint32_t demand) {
    const auto place = demand / 64;
    if (m_places.empty() || m_places.back() != place) {
        m_places.push_back(place);
        m_bits.push_back(0);
    }
    m_bits.back() |= std::uint64_t{1} << (demand % 64);
}

void DemandSet::close() {
    m_places.shrink_to_fit();
    m_bits.shrink_to_fit();
}

std::size_t DemandSet::first_word(std::size_t place) const noexcept {
    return static_cast<std::size_t>(std::lower_bound(m_places.begin(), m_places.end(), place) -
                                    m_places.begin());
}

std::size_t DemandSet::size() const noexcept {
    std::size_t n = 0;
    for (const auto bits : m_bits)
        n += static_cast<std::size_t>(std::popcount(bits));
    return n;
}

bool DemandSet::may_meet(const DemandSet& other) const noexcept {
    return !empty() && !other.empty() && m_places.front() <= other.m_places.back() &&
           other.m_places.front() <= m_places.back();
}

DemandSet united(const DemandSet& one, const DemandSet& other) {
    std::vector<std::uint32_t> all;
    one.visit([&](std::uint32_t demand) { all.push_back(demand); });
    other.visit([&](std::uint32_t demand) { all.push_back(demand); });
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return DemandSet{all};
}

} // namespace riskmap::siting
