// SPDX-License-Identifier: MIT
#include <riskmap/spec/spec.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>

#include "built_in_spec_texts.hpp"

namespace riskmap::spec {

namespace {

/// A table of a specification file, read key by key; a key that nobody asked for is an error.
class SpecReader {
  public:
    SpecReader(const toml::table& table, const std::string& where)
        : m_table{table}, m_where{where} {}

    std::string text(const char* key, const char* fallback = nullptr) {
        const auto* node = find(key);
        if (node == nullptr) {
            if (fallback == nullptr)
                throw error(m_table, fmt::format("'{}' is missing", key));
            return fallback;
        }
        const auto value = node->value<std::string>();
        if (!value)
            throw error(*node, fmt::format("'{}' must be a text", key));
        return *value;
    }
    bool flag(const char* key) {
        const auto* node = find(key);
        const auto value = node == nullptr ? std::optional{false} : node->value<bool>();
        if (!value)
            throw error(*node, fmt::format("'{}' must be true or false", key));
        return *value;
    }
    std::vector<std::string> texts(const char* key) {
        std::vector<std::string> out;
        for_each(key, [&](const toml::node& item) {
            const auto value = item.value<std::string>();
            if (!value)
                throw error(item, fmt::format("'{}' must hold texts", key));
            out.push_back(*value);
        });
        return out;
    }
    std::vector<double> numbers(const char* key) {
        std::vector<double> out;
        for_each(key, [&](const toml::node& item) {
            const auto value = item.value<double>();
            if (!value || !std::isfinite(*value))
                throw error(item, fmt::format("'{}' must hold numbers", key));
            out.push_back(*value);
        });
        return out;
    }
    std::optional<Range> range(const char* key) {
        const auto both = numbers(key);
        if (both.empty())
            return std::nullopt;
        if (both.size() != 2 || both[0] > both[1])
            throw error(m_table, fmt::format("'{}' must be two rising numbers", key));
        return Range{both[0], both[1]};
    }
    std::vector<SpecReader> tables(const char* key) {
        std::vector<SpecReader> out;
        for_each(key, [&](const toml::node& item) {
            if (item.as_table() == nullptr)
                throw error(item, fmt::format("'{}' must be [[{}]]", key, key));
            out.emplace_back(*item.as_table(), m_where);
        });
        return out;
    }
    /// \throws Error{input} if a key was never asked for.
    void finish() const {
        std::vector<std::string> known{m_asked.begin(), m_asked.end()};
        for (const auto& [key, node] : m_table) {
            const std::string name{key.str()};
            if (std::find(known.begin(), known.end(), name) != known.end())
                continue;
            const auto near = nearest_name(name, known);
            throw error(node, fmt::format("unknown key '{}'", name),
                        near ? fmt::format("did you mean '{}'?", *near)
                             : fmt::format("known here: {}", fmt::join(known, ", ")));
        }
    }
    [[nodiscard]] Error error(const toml::node& node, const std::string& what,
                              const std::string& hint = {}) const {
        return input_error(fmt::format("{}:{}: {}", m_where, node.source().begin.line, what), hint);
    }
    [[nodiscard]] Error error(const std::string& what, const std::string& hint = {}) const {
        return error(m_table, what, hint);
    }

  private:
    const toml::node* find(const char* key) {
        m_asked.emplace_back(key);
        return m_table.get(key);
    }
    template <class Each>
    void for_each(const char* key, Each each) {
        const auto* node = find(key);
        if (node == nullptr)
            return;
        if (node->as_array() == nullptr)
            throw error(*node, fmt::format("'{}' must be a list", key));
        for (const auto& item : *node->as_array())
            each(item);
    }
    const toml::table& m_table;
    const std::string& m_where;
    std::vector<std::string> m_asked;
};

struct KindRow {
    const char* name;
    FieldKind kind;
};
constexpr std::array<KindRow, 6> kinds{{{"text", FieldKind::text},
                                        {"number", FieldKind::number},
                                        {"whole", FieldKind::whole},
                                        {"date", FieldKind::date},
                                        {"code", FieldKind::code},
                                        {"flag", FieldKind::flag}}};

/// A word as it is compared: "-1" is not "1".
std::string word_of(const std::string& text) {
    return small_letters(trim(half_width(text)));
}

/// "value:中文:word:word".
Choice choice_of(const std::string& text) {
    const auto parts = split(text, ':');
    Choice choice{parts[0], parts.size() > 1 ? parts[1] : "", {}};
    for (const auto& part : parts)
        choice.words.push_back(word_of(part));
    return choice;
}

FieldSpec read_field(SpecReader& reader) {
    FieldSpec field;
    field.name = reader.text("name");
    field.title = {reader.text("title", ""), reader.text("title_en", "")};
    const auto kind = reader.text("type", "text");
    const auto* row = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const KindRow& known) { return known.name == kind; });
    if (row == kinds.end())
        throw reader.error(fmt::format("field '{}': type '{}' is not known", field.name, kind),
                           fmt::format("one of: {}", names_of(kinds)));
    field.kind = row->kind;
    field.unit = reader.text("unit", "");
    field.required = reader.flag("required");
    field.unique = reader.flag("unique");
    field.range = reader.range("range");
    field.usual = reader.range("usual");
    for (const double digits : reader.numbers("digits")) {
        if (!(digits >= 1 && digits <= 18))
            throw reader.error("'digits' must be 1 to 18");
        field.digits.push_back(static_cast<int>(digits));
    }
    for (const auto& choice : reader.texts("choices"))
        field.choices.push_back(choice_of(choice));
    field.open = reader.flag("open");
    field.missing = reader.text("missing", "");
    field.names = reader.texts("names");
    reader.finish();
    return field;
}

void read_shape(SpecReader& reader, LayerSpec& spec) {
    for (const auto& word : split(reader.text("geometry"), ' ')) {
        if (word == "raster")
            spec.raster = true;
        else if (word == "point")
            spec.points = true;
        else if (word == "line")
            spec.lines = true;
        else if (word == "polygon")
            spec.polygons = true;
        else if (word != "none" && word != "or")
            throw reader.error(fmt::format("geometry '{}' is not known", word),
                               "none, point, line, polygon, 'point or polygon', raster");
    }
}

LayerSpec read_spec(SpecReader& reader, const Words& family, const std::vector<LayerSpec>& before) {
    LayerSpec spec;
    spec.id = reader.text("id");
    spec.family = family;
    spec.title = {reader.text("title", ""), reader.text("title_en", "")};
    spec.names = reader.texts("names");
    read_shape(reader, spec);
    spec.coverage = reader.flag("coverage");
    spec.told_unused = reader.flag("told_unused");
    spec.parent = reader.text("parent", "");
    spec.parent_field = reader.text("parent_field", "");
    if (const auto kind = reader.text("kind", ""); !kind.empty())
        spec.kind = raster::parse_kind(kind);
    spec.unit = reader.text("unit", "");
    spec.range = reader.range("range");
    spec.usual = reader.range("usual");
    if (const auto like = reader.text("like", ""); !like.empty()) {
        const auto& model = spec_named(before, like);
        spec.fields = model.fields;
        spec.sums = model.sums;
    }
    for (auto& field : reader.tables("field"))
        spec.fields.push_back(read_field(field));
    for (auto& sum : reader.tables("sum")) {
        spec.sums.push_back({sum.text("field"), sum.text("to")});
        sum.finish();
        if (spec.field(spec.sums.back().field) == nullptr)
            throw sum.error(fmt::format("there is no field '{}'", spec.sums.back().field));
    }
    reader.finish();
    return spec;
}

} // namespace

const FieldSpec* LayerSpec::field(const std::string& wanted) const noexcept {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldSpec& f) { return f.name == wanted; });
    return found == fields.end() ? nullptr : &*found;
}

const Choice* FieldSpec::choice(const std::string& text) const {
    const auto word = word_of(text);
    for (const auto& choice : choices)
        if (std::find(choice.words.begin(), choice.words.end(), word) != choice.words.end())
            return &choice;
    // "洪涝灾害-山洪": a path in a register's tree of kinds; its end says more than its beginning.
    for (const std::string_view between : {"-", "—", "/", ">", "→", "\\"})
        if (const auto at = text.rfind(between); at != std::string::npos && at > 0) {
            const auto* end = choice(text.substr(at + between.size()));
            const bool other = end == nullptr || end->value == "other";
            const auto* begin = other ? choice(text.substr(0, at)) : end;
            return begin != nullptr ? begin : end;
        }
    return nullptr;
}

std::string LayerSpec::shape_name() const {
    if (raster)
        return "raster";
    std::vector<const char*> words;
    if (points)
        words.push_back("point");
    if (lines)
        words.push_back("line");
    if (polygons)
        words.push_back("polygon");
    return words.empty() ? "table" : fmt::format("{}", fmt::join(words, " or "));
}

std::vector<LayerSpec> parse_specs(const std::string& text, const std::string& where) {
    toml::table table;
    try {
        table = toml::parse(text, where);
    } catch (const toml::parse_error& error) {
        throw input_error(
            fmt::format("{}:{}: {}", where, error.source().begin.line, error.description()),
            "see https://toml.io for the notation");
    }
    SpecReader reader{table, where};
    const Words family{reader.text("title", ""), reader.text("title_en", "")};
    std::vector<LayerSpec> specs;
    for (auto& layer : reader.tables("layer"))
        specs.push_back(read_spec(layer, family, specs));
    reader.finish();
    return specs;
}

const std::vector<LayerSpec>& built_in_specs() {
    static const std::vector<LayerSpec> all = [] {
        std::vector<LayerSpec> specs;
        for (const auto& [name, text] : built_in_spec_texts())
            for (auto& spec : parse_specs(text, "data/spec/" + name + ".toml"))
                specs.push_back(std::move(spec));
        return specs;
    }();
    return all;
}

const LayerSpec& spec_named(std::span<const LayerSpec> specs, const std::string& id) {
    std::vector<std::string> known;
    for (const auto& spec : specs) {
        if (spec.id == id)
            return spec;
        known.push_back(spec.id);
    }
    throw_unknown_name("layer specification", id, known);
}

} // namespace riskmap::spec
