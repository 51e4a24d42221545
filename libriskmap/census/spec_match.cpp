// SPDX-License-Identifier: MIT
// Which specification a layer follows, and which of its fields is which.
#include <riskmap/census/spec.hpp>

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::census {

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

/// Shapefile keeps ten bytes of a name: three Chinese letters in UTF-8, five in GBK.
bool is_cut(const std::string& field, const std::string& name) {
    const bool full =
        is_ascii(field) ? field.size() == 10 : field.size() == 9 || field.size() == 15;
    return full && name.size() > field.size() && name.starts_with(field);
}

/// What a field may be called, the likeliest first.
std::vector<std::string> names_of_field(const FieldSpec& field) {
    std::vector<std::string> names{field.title.zh};
    names.insert(names.end(), field.names.begin(), field.names.end());
    return names;
}

} // namespace

std::string comparable(std::string_view name) {
    std::string out;
    int depth = 0;
    for (const char c : small(name)) {
        if (c == '(' || c == '[')
            ++depth;
        else if (c == ')' || c == ']')
            depth = std::max(0, depth - 1);
        else if (depth == 0 && c != ' ' && c != '_' && c != '-' && c != '\t')
            out += c;
    }
    return out;
}

const LayerSpec* recognised(std::span<const LayerSpec> specs, const std::string& layer,
                            const std::string& file, Form form) {
    const auto* found = recognised_in(specs, layer, form);
    return found != nullptr ? found : recognised_in(specs, file, form);
}

FieldMap map_fields(const LayerSpec& spec, std::span<const vector::Field> fields,
                    std::span<const std::pair<std::string, std::string>> pairs, bool cut) {
    std::vector<std::string> names;
    for (const auto& field : fields)
        names.push_back(comparable(field.name));
    FieldMap map;
    map.of.resize(spec.fields.size());
    std::vector<bool> taken(fields.size(), false);
    for (const auto& [theirs, ours] : pairs) {
        const auto field =
            std::find_if(fields.begin(), fields.end(),
                         [&, name = theirs](const auto& f) { return f.name == name; });
        const auto own = std::find_if(spec.fields.begin(), spec.fields.end(),
                                      [&, name = ours](const auto& f) { return f.name == name; });
        if (field == fields.end() || own == spec.fields.end())
            throw input_error(fmt::format("fields: '{}={}' names a field that {} does not have",
                                          theirs, ours,
                                          field == fields.end() ? "the layer" : spec.id),
                              "write NAME IN THE FILE=NAME IN THE SPECIFICATION");
        const auto at = static_cast<std::size_t>(field - fields.begin());
        map.of[static_cast<std::size_t>(own - spec.fields.begin())] = at;
        taken[at] = true;
    }
    // Its own name goes before other names, and those before names that were cut.
    const auto look = [&](auto&& same) {
        for (std::size_t s = 0; s < spec.fields.size(); ++s)
            for (std::size_t f = 0; f < fields.size(); ++f) {
                if (taken[f] || !same(spec.fields[s], f))
                    continue;
                if (map.of[s]) {
                    map.rivals.emplace_back(s, f);
                } else {
                    map.of[s] = f;
                }
                taken[f] = true;
            }
    };
    look([&](const FieldSpec& own, std::size_t f) { return names[f] == comparable(own.name); });
    for (std::size_t rank = 0;; ++rank) {
        bool more = false;
        for (std::size_t s = 0; s < spec.fields.size(); ++s) {
            const auto names_of_own = names_of_field(spec.fields[s]);
            more = more || rank < names_of_own.size();
            if (rank >= names_of_own.size() || map.of[s])
                continue;
            for (std::size_t f = 0; f < fields.size(); ++f)
                if (!taken[f] && names[f] == comparable(names_of_own[rank])) {
                    map.of[s] = f;
                    taken[f] = true;
                    break;
                }
        }
        if (!more)
            break;
    }
    if (cut)
        look([&](const FieldSpec& own, std::size_t f) {
            const auto& written = fields[f].name;
            const auto all = names_of_field(own);
            return is_cut(small(written), small(own.name)) ||
                   std::any_of(all.begin(), all.end(), [&](const std::string& name) {
                       return is_cut(small(written), small(name));
                   });
        });
    return map;
}

} // namespace riskmap::census
