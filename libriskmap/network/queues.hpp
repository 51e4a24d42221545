// SPDX-License-Identifier: MIT
// Private: two orders in which a search goes on: strictly by cost, and by short steps of cost.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace riskmap::network {

struct Entry {
    double cost;
    std::uint32_t node;
};

/// Gives the least cost first.
class Heap {
  public:
    void push(const Entry& entry) {
        m_entries.push_back(entry);
        std::push_heap(m_entries.begin(), m_entries.end(), later);
    }
    bool pop(Entry& entry) {
        if (m_entries.empty())
            return false;
        std::pop_heap(m_entries.begin(), m_entries.end(), later);
        entry = m_entries.back();
        m_entries.pop_back();
        return true;
    }

  private:
    static bool later(const Entry& a, const Entry& b) {
        return a.cost > b.cost || (a.cost == b.cost && a.node > b.node);
    }
    std::vector<Entry> m_entries;
};

/// Gives entries by steps of cost, those of a step in any order: a node may come again with a
/// lower cost of the same step, which is rare where steps are short (Dial 1969; Meyer and
/// Sanders 2003). For costs up to a limit only.
class Buckets {
  public:
    Buckets(double limit, double step) : m_per_cost{1 / step} {
        m_buckets.resize(static_cast<std::size_t>(limit * m_per_cost) + 2);
    }
    void push(const Entry& entry) {
        const auto bucket = static_cast<std::size_t>(entry.cost * m_per_cost);
        m_buckets[bucket].push_back(entry);
        m_first = std::min(m_first, bucket);
        ++m_size;
    }
    bool pop(Entry& entry) {
        if (m_size == 0) {
            m_first = m_buckets.size();
            return false;
        }
        while (m_buckets[m_first].empty())
            ++m_first;
        entry = m_buckets[m_first].back();
        m_buckets[m_first].pop_back();
        --m_size;
        return true;
    }

  private:
    double m_per_cost;
    std::vector<std::vector<Entry>> m_buckets;
    std::size_t m_first = 0;
    std::size_t m_size = 0;
};

} // namespace riskmap::network
