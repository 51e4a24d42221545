// SPDX-License-Identifier: MIT
// Which specification a layer follows, and which of its fields is which.
#include <riskmap/spec/spec.hpp>

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::spec {

namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string small(std::string_view text) {
    return small_letters(half_width(text));
}

/// Letters stand for a name only as whole words; Chinese has no blanks between words.
bool holds_word(const std::string& text, const std::string& word) {
    const auto letter = [&](std::size_t i) {
        return i < text.size() && std::isalpha(static_cast<unsigned char>(text[i])) != 0;
    };
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        if (!is_ascii(word) || !((at > 0 && letter(at - 1)) || letter(at + word.size())))
            return true;
    return false;
}

bool takes(const LayerSpec& spec, Form form) {
    const bool shapes = spec.points || spec.lines || spec.polygons;
    switch (form) {
    case Form::raster:
        return spec.raster;
    case Form::shapes:
        return shapes;
    case Form::table:
        // A table with coordinates or codes may stand for points or units.
        return !spec.raster;
    }
    return false;
}

std::vector<std::string> names_of_spec(const LayerSpec& spec) {
    std::vector<std::string> names{spec.id, spec.title.zh};
    names.insert(names.end(), spec.names.begin(), spec.names.end());
    return names;
}

const LayerSpec* recognised_in(std::span<const LayerSpec> specs, const std::string& name,
                               Form form) {
    const LayerSpec* best = nullptr;
    std::size_t longest = 0;
    const auto text = small(name);
    for (const auto& spec : specs) {
        if (!takes(spec, form))
            continue;
        for (const auto& own : names_of_spec(spec)) {
            const auto word = small(own);
            if (comparable(name) == comparable(own))
                return &spec;
            if (word.size() > longest && holds_word(text, word)) {
                longest = word.size();
                best = &spec;
            }
        }
    }
    return best;
}

/// Shapefile keeps ten bytes of a name: three Chinese letters in UTF-8, five in GBK; some old
/// programs keep four.
bool is_cut(const std::string& field, const std::string& name) {
    const auto n = field.size();
    const bool full = is_ascii(field) ? n == 10 : n == 9 || n == 12 || n == 15;
    return full && name.size() > n && name.starts_with(field);
}

/// A part of a head that says all of what stands above it.
bool is_whole(const std::string& name) {
    return name == "合计" || name == "总计" || name == "总数" || name == "小计" || name == "total";
}

/// "2020" or "2020年" below a head: the same of another year.
bool is_year(const std::string& name) {
    const auto digits = name.ends_with("年") ? name.substr(0, name.size() - 3) : name;
    const auto number = parse_number(digits);
    return digits.size() == 4 && number && *number >= 1949 && *number <= 2100;
}

/// What a field may be called, the likeliest first.
std::vector<std::string> names_of_field(const FieldSpec& field) {
    std::vector<std::string> names{field.title.zh};
    names.insert(names.end(), field.names.begin(), field.names.end());
    return names;
}

std::size_t own_field(const LayerSpec& spec, const std::string& name) {
    std::vector<std::string> known;
    for (std::size_t s = 0; s < spec.fields.size(); ++s) {
        if (spec.fields[s].name == name)
            return s;
        known.push_back(spec.fields[s].name);
    }
    const auto near = nearest_name(name, known);
    throw input_error(fmt::format("fields: {} has no field '{}'", spec.id, name),
                      near ? fmt::format("did you mean '{}'?", *near)
                           : fmt::format("it has: {}", fmt::join(known, ", ")));
}

std::size_t their_field(std::span<const vector::Field> fields, const std::string& name,
                        const std::string& ours) {
    if (name.size() > 1 && name.front() == '#')
        if (const auto number = parse_number(name.substr(1));
            number && *number >= 1 && *number <= static_cast<double>(fields.size()))
            return static_cast<std::size_t>(*number) - 1;
    std::optional<std::size_t> found;
    std::vector<std::string> known;
    for (std::size_t f = 0; f < fields.size(); ++f) {
        known.push_back(fields[f].name);
        if (fields[f].name != name)
            continue;
        if (found)
            throw input_error(fmt::format("fields: two columns are called '{}'", name),
                              fmt::format("name one by its place, as fields=#{}={}", f + 1, ours));
        found = f;
    }
    if (found)
        return *found;
    const auto near = nearest_name(name, known);
    throw input_error(fmt::format("no field '{}' (asked for as {})", name, ours),
                      near ? fmt::format("did you mean '{}'?", *near)
                           : fmt::format("it has: {}", fmt::join(known, ", ")));
}

} // namespace

bool is_called(const FieldSpec& field, const std::string& head) {
    const auto name = comparable(head);
    const auto all = names_of_field(field);
    return name == comparable(field.name) ||
           std::any_of(all.begin(), all.end(),
                       [&](const std::string& own) { return name == comparable(own); });
}

std::string whole_name(const FieldSpec& field, const std::string& name) {
    const auto written = small(name);
    auto all = names_of_field(field);
    all.push_back(field.name);
    for (const auto& own : all)
        if (comparable(name) == comparable(own))
            return name;
    for (const auto& own : all)
        if (is_cut(written, small(own)))
            return own;
    return name;
}

std::string bracketed(std::string_view head) {
    const auto text = half_width(head);
    const auto open = text.find_last_of("([");
    if (open == std::string::npos)
        return {};
    const auto close = text.find_first_of(")]", open);
    return close == std::string::npos
               ? std::string{}
               : std::string{trim(std::string_view{text}.substr(open + 1, close - open - 1))};
}

std::pair<std::string, std::string> head_and_unit(std::string_view head) {
    if (auto inside = bracketed(head); !inside.empty()) {
        std::string_view unit = inside;
        for (const std::string_view word : {"单位", ":"})
            if (unit.starts_with(word))
                unit = trim(unit.substr(word.size()));
        return {std::string{head}, std::string{unit}};
    }
    const auto text = half_width(head);
    constexpr std::array<std::string_view, 12> chinese{"万人", "千人", "百人",     "亿元",
                                                       "万元", "千元", "平方公里", "公里",
                                                       "公顷", "厘米", "毫米",     "平方米"};
    constexpr std::array<std::string_view, 8> others{"km2", "m2", "ha",  "km",
                                                     "cm",  "mm", "kmh", "%"};
    constexpr std::string_view between = "_/ -";
    const auto without = [&](std::string_view unit) {
        std::string_view rest{text};
        rest.remove_suffix(unit.size());
        while (!rest.empty() && between.find(rest.back()) != std::string_view::npos)
            rest.remove_suffix(1);
        return std::string{rest};
    };
    for (const auto unit : chinese)
        if (text.ends_with(unit) && text.size() > unit.size())
            return {without(unit), std::string{unit}};
    for (const auto unit : others)
        if (text.ends_with(unit) && text.size() > unit.size() + 1 &&
            between.find(text[text.size() - unit.size() - 1]) != std::string_view::npos)
            return {without(unit), std::string{unit}};
    return {std::string{head}, {}};
}

std::string comparable(std::string_view name) {
    std::string out;
    int depth = 0;
    for (const char c : small(name)) {
        if (c == '(' || c == '[')
            ++depth;
        else if (c == ')' || c == ']')
            depth = std::max(0, depth - 1);
        else if (depth == 0 && c != ' ' && c != '_' && c != '-' && c != '\t' && c != '\n' &&
                 c != '\r')
            out += c;
    }
    return out;
}

const LayerSpec* recognised(std::span<const LayerSpec> specs, const std::string& layer,
                            const std::string& file, Form form) {
    const auto* found = recognised_in(specs, layer, form);
    return found != nullptr ? found : recognised_in(specs, file, form);
}

std::vector<std::pair<std::size_t, std::size_t>>
FieldMap::told_rivals(const LayerSpec& spec) const {
    auto told = rivals;
    std::copy_if(others.begin(), others.end(), std::back_inserter(told), [&](const auto& other) {
        const auto kind = spec.fields[other.first].kind;
        return kind == FieldKind::number || kind == FieldKind::whole || kind == FieldKind::date;
    });
    return told;
}

FieldMap map_fields(const LayerSpec& spec, std::span<const vector::Field> fields,
                    std::span<const std::pair<std::string, std::string>> pairs, bool cut) {
    std::vector<std::string> names;
    std::vector<std::string> aliases;
    for (const auto& field : fields) {
        names.push_back(comparable(field.name));
        aliases.push_back(comparable(field.title));
    }
    FieldMap map;
    map.of.resize(spec.fields.size());
    map.named.resize(spec.fields.size());
    std::vector<bool> taken(fields.size(), false);
    for (const auto& [theirs, ours] : pairs) {
        const auto own = own_field(spec, ours);
        map.named[own] = true;
        if (theirs == "-")
            continue;
        const auto at = their_field(fields, theirs, ours);
        map.of[own] = at;
        taken[at] = true;
    }
    // Its own name goes before other names, and those before names that were cut.
    const auto fits = [&](std::size_t s, std::size_t f, std::size_t rank) {
        const auto all = names_of_field(spec.fields[s]);
        return rank < all.size() && names[f] == comparable(all[rank]);
    };
    const auto look = [&](auto&& same) {
        for (std::size_t s = 0; s < spec.fields.size(); ++s)
            for (std::size_t f = 0; f < fields.size(); ++f) {
                if (taken[f] || !same(s, f))
                    continue;
                if (map.of[s] || map.named[s])
                    map.rivals.emplace_back(s, f);
                else
                    map.of[s] = f;
                taken[f] = true;
            }
    };
    look([&](std::size_t s, std::size_t f) { return names[f] == comparable(spec.fields[s].name); });
    std::size_t ranks = 0;
    for (const auto& own : spec.fields)
        ranks = std::max(ranks, names_of_field(own).size());
    for (std::size_t rank = 0; rank < ranks; ++rank) {
        const auto before = map.of;
        look([&](std::size_t s, std::size_t f) {
            return !before[s] && !map.named[s] && fits(s, f, rank);
        });
    }
    // The alias of a geodatabase's column, where its name says nothing.
    look([&](std::size_t s, std::size_t f) {
        return !aliases[f].empty() && !map.named[s] && is_called(spec.fields[s], fields[f].title);
    });
    // "人口_万人" is a name and its unit.
    std::vector<std::string> bare;
    for (const auto& field : fields) {
        const auto [head, unit] = head_and_unit(field.name);
        bare.push_back(unit.empty() ? std::string{} : comparable(head));
    }
    look([&](std::size_t s, std::size_t f) {
        if (bare[f].empty() || map.named[s])
            return false;
        const auto all = names_of_field(spec.fields[s]);
        return bare[f] == comparable(spec.fields[s].name) ||
               std::any_of(all.begin(), all.end(),
                           [&](const std::string& name) { return bare[f] == comparable(name); });
    });
    // "人口/合计" is 人口; "人口/60岁及以上人口" is what its last part says. Whole names went
    // before.
    std::vector<std::pair<std::string, std::string>> parts;
    for (const auto& field : fields) {
        const auto slash = field.name.rfind('/');
        parts.emplace_back();
        if (slash == std::string::npos || slash == 0)
            continue;
        const auto upper = field.name.substr(0, slash);
        parts.back() = {comparable(upper.substr(upper.rfind('/') + 1)),
                        comparable(field.name.substr(slash + 1))};
    }
    const auto called = [&](std::size_t s, const std::string& name) {
        return !name.empty() && is_called(spec.fields[s], name);
    };
    look([&](std::size_t s, std::size_t f) {
        return !map.named[s] && is_whole(parts[f].second) && called(s, parts[f].first);
    });
    look([&](std::size_t s, std::size_t f) {
        return !map.named[s] && is_year(parts[f].second) && called(s, parts[f].first);
    });
    look([&](std::size_t s, std::size_t f) {
        return !map.named[s] &&
               (called(s, parts[f].second) || called(s, parts[f].first + parts[f].second));
    });
    if (cut)
        look([&](std::size_t s, std::size_t f) {
            if (map.named[s])
                return false;
            const auto written = small(fields[f].name);
            const auto all = names_of_field(spec.fields[s]);
            return is_cut(written, small(spec.fields[s].name)) ||
                   std::any_of(all.begin(), all.end(), [&](const std::string& name) {
                       return is_cut(written, small(name));
                   });
        });
    for (std::size_t s = 0; s < spec.fields.size(); ++s)
        for (std::size_t f = 0; map.of[s] && !map.named[s] && f < fields.size(); ++f)
            for (std::size_t rank = 0; !taken[f] && rank < ranks; ++rank)
                if (fits(s, f, rank)) {
                    map.others.emplace_back(s, f);
                    taken[f] = true;
                }
    return map;
}

} // namespace riskmap::spec
