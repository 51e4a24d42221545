// SPDX-License-Identifier: MIT
#include "unit_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace riskmap::census {

namespace {

constexpr std::array<std::string_view, 12> county_heads{
    "县",       "县名",   "县名称",   "区县",   "县区",   "县市区",
    "区县名称", "所属县", "所属区县", "区市县", "county", "countyname"};

/// "柯桥" of "柯桥区", "平水" of "平水镇": what people write short.
std::string short_name(std::string name) {
    for (const std::string_view ending :
         {"街道办事处", "街道", "自治县", "镇", "乡", "县", "区", "市"})
        if (name.ends_with(ending) && name.size() > ending.size() + 3) {
            name.resize(name.size() - ending.size());
            break;
        }
    return name;
}

std::vector<std::string> all_of(const std::multimap<std::string, std::string>& codes,
                                const std::string& name) {
    std::vector<std::string> out;
    const auto [from, to] = codes.equal_range(name);
    for (auto at = from; at != to; ++at)
        out.push_back(at->second);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// By the whole name, else by the short one.
std::vector<std::string> called(const std::multimap<std::string, std::string>& codes,
                                const std::string& name) {
    auto found = all_of(codes, name);
    return found.empty() ? all_of(codes, short_name(name)) : found;
}

void add(std::multimap<std::string, std::string>& codes, const Units& units) {
    for (const auto& [code, unit] : units.all()) {
        const auto name = spec::comparable(unit.name);
        codes.emplace(name, code);
        if (const auto less = short_name(name); less != name)
            codes.emplace(less, code);
    }
}

} // namespace

std::optional<NameColumns> name_columns(const std::vector<vector::Field>& fields,
                                        const spec::LayerSpec& spec,
                                        const spec::LayerSpec& parent) {
    const auto* code = spec.field(spec.parent_field);
    const auto* name = parent.field("name");
    if (code == nullptr || name == nullptr || spec.points || spec.lines || spec.polygons)
        return std::nullopt;
    std::optional<NameColumns> found;
    std::optional<std::size_t> county;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        const auto slash = fields[f].name.rfind('/');
        const auto head =
            slash == std::string::npos ? fields[f].name : fields[f].name.substr(slash + 1);
        if (spec::is_called(*code, fields[f].name))
            return std::nullopt;
        if (std::find(county_heads.begin(), county_heads.end(), spec::comparable(head)) !=
            county_heads.end())
            county = county ? county : f;
        else if (!found && spec::is_called(*name, head))
            found = NameColumns{f, {}};
    }
    // A table by county names them in its own column.
    if (!found && county && parent.id == "counties")
        return NameColumns{*county, {}};
    if (found)
        found->county = county;
    return found;
}

UnitNames::UnitNames(const Units& units, const Units* counties) {
    add(m_codes, units);
    if (counties != nullptr)
        add(m_counties, *counties);
}

UnitNames::Found UnitNames::find(const std::string& name, const std::string& county) const {
    auto codes = called(m_codes, spec::comparable(name));
    if (codes.size() > 1 && !county.empty()) {
        const auto counties = called(m_counties, spec::comparable(county));
        std::erase_if(codes, [&](const std::string& code) {
            return std::none_of(counties.begin(), counties.end(),
                                [&](const std::string& own) { return code.starts_with(own); });
        });
    }
    return {codes.size() == 1 ? codes.front() : std::string{}, codes.size()};
}

} // namespace riskmap::census
