// SPDX-License-Identifier: MIT
// Which of many demands a site covers, in little memory.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace riskmap::siting {

/// A set of demand numbers: words of 64 neighbouring demands, empty words left out. Sets
/// of cells that lie together take little more than a bit for each.
class DemandSet {
  public:
    struct Word {
        std::uint32_t place; ///< of the demands 64 place .. 64 place + 63
        std::uint64_t bits;
    };

    DemandSet() = default;
    explicit DemandSet(std::span<const std::uint32_t> rising);

    /// `demand` is greater than all before.
    void add(std::uint32_t demand);
    /// Gives back what growing has left over.
    void close();

    [[nodiscard]] bool empty() const noexcept { return m_places.empty(); }
    [[nodiscard]] std::size_t words() const noexcept { return m_places.size(); }
    [[nodiscard]] Word word(std::size_t i) const noexcept { return {m_places[i], m_bits[i]}; }
    /// The first word whose place is at least `place`.
    [[nodiscard]] std::size_t first_word(std::size_t place) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept;
    /// Whether the stretches of numbers of two sets meet.
    [[nodiscard]] bool may_meet(const DemandSet& other) const noexcept;

    /// Calls visit(demand) for each, rising.
    template <class Visit>
    void visit(Visit&& visit) const {
        for (std::size_t i = 0; i < m_places.size(); ++i)
            for (auto bits = m_bits[i]; bits != 0; bits &= bits - 1)
                visit(m_places[i] * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
    }

  private:
    std::vector<std::uint32_t> m_places;
    std::vector<std::uint64_t> m_bits;
};

/// What is in one of two sets or in both.
[[nodiscard]] DemandSet united(const DemandSet& one, const DemandSet& other);

} // namespace riskmap::siting
