// SPDX-License-Identifier: MIT
#include "layer_check.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include <riskmap/census/shift.hpp>
#include <riskmap/census/written.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>

#include "coverage.hpp"
#include "feature_rules.hpp"

namespace riskmap::census {

namespace {

/// Two independent 64-bit prints, so that equal ones are equal things.
struct Print {
    std::uint64_t a = 0x243F6A8885A308D3U;
    std::uint64_t b = 0x13198A2E03707344U;

    void add(std::uint64_t word) {
        a = std::rotl((a ^ word) * 0x9E3779B97F4A7C15U, 29);
        b = std::rotl((b + word) * 0xC2B2AE3D27D4EB4FU, 31) ^ word;
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number + 0.0)); }
    void add(std::string_view text) {
        std::size_t i = 0;
        for (; i + 8 <= text.size(); i += 8) {
            std::uint64_t word = 0;
            std::copy_n(text.data() + i, 8, reinterpret_cast<char*>(&word));
            add(word);
        }
        std::uint64_t word = text.size() + 1;
        for (; i < text.size(); ++i)
            word = (word << 8U) | static_cast<unsigned char>(text[i]);
        add(word);
    }
    friend auto operator<=>(const Print&, const Print&) = default;
};

Print print_of(const vector::Shape& shape) {
    Print print;
    const auto add = [&](const std::vector<Point>& points, std::uint64_t tag) {
        print.add(tag);
        for (const auto p : points) {
            print.add(p.x);
            print.add(p.y);
        }
    };
    add(shape.points, 1);
    for (const auto& line : shape.lines)
        add(line, 2);
    for (const auto& polygon : shape.polygons) {
        add(polygon.outer, 3);
        for (const auto& hole : polygon.holes)
            add(hole, 4);
    }
    return print;
}

Print print_of(const std::vector<vector::Value>& values) {
    Print print;
    for (const auto& value : values)
        print.add(std::string_view{vector::text_of(value)});
    return print;
}

/// A feature as the rules about duplicates see it.
struct Twin {
    Print shape;
    Print values;
    std::int64_t fid;
    Point place;
};

struct TextOf {
    std::string text;
    std::int64_t fid;
};

/// What a batch of features comes to.
struct Harvest {
    std::vector<Finding> findings;
    std::vector<Finding> outside;
    std::vector<std::vector<TextOf>> uniques; ///< by field of the specification
    std::vector<std::vector<double>> numbers; ///< likewise, of those with a usual range
    std::vector<Twin> twins;
    std::vector<BorderPiece> borders;
    std::vector<std::pair<std::string, std::vector<double>>> parts; ///< parent code, values summed
    std::vector<std::pair<std::string, Point>> members; ///< parent code, place in degrees
    std::vector<Edge> edges;                            ///< of a coverage, in degrees
    Box box;
    std::uint64_t features = 0;
    std::uint64_t swapped = 0; ///< would lie in the area with their coordinates swapped
    double area_m2 = 0;
    std::vector<Point> samples; ///< vertices in degrees, to be held against a reference
};

constexpr std::size_t most_members = 4000; ///< looked at for a shift
constexpr std::size_t most_edges = 400000; ///< of a coverage, likewise

/// A few vertices of a shape, evenly spread over it.
void append_samples(const vector::Shape& shape, const CrsTransform& to_degrees,
                    std::vector<Point>& samples) {
    std::vector<Point> vertices = shape.points;
    for (const auto& line : shape.lines)
        vertices.insert(vertices.end(), line.begin(), line.end());
    for (const auto& polygon : shape.polygons)
        vertices.insert(vertices.end(), polygon.outer.begin(), polygon.outer.end());
    constexpr std::size_t most = 16;
    const std::size_t step = vertices.size() / most + 1;
    for (std::size_t i = 0; i < vertices.size(); i += step)
        samples.push_back(to_degrees.apply(vertices[i]));
}

class LayerCheck {
  public:
    LayerCheck(LayerCase& layer, const Surroundings& around, Findings& findings)
        : m_layer{layer}, m_around{around}, m_findings{findings}, m_to_degrees{layer.crs.empty()
                                                                                   ? Crs::wgs84()
                                                                                   : layer.crs},
          m_ledger{around.execution.memory_budget() / 2} {}

    CheckedLayer run() {
        check_structure();
        m_covers =
            m_layer.spec != nullptr && m_layer.spec->coverage && m_layer.stream.has_geometry();
        const auto n = m_layer.spec == nullptr ? 0 : m_layer.spec->fields.size();
        m_uniques.resize(n);
        m_numbers.resize(n);
        m_strides.assign(n, {});
        read_features();
        check_encoding();
        if (m_features == 0)
            add({RuleId::layer_empty});
        check_extent();
        check_uniques();
        check_units_of_values();
        check_twins();
        check_sums();
        check_children();
        check_shift();
        if (m_covers)
            check_coverage();
        return {m_layer.label,
                m_layer.spec == nullptr ? "" : m_layer.spec->id,
                m_layer.stream.format(),
                m_layer.crs.empty() ? "" : m_layer.crs.name(),
                m_layer.stream.encoding(),
                m_features};
    }

  private:
    void add(Finding finding) {
        finding.layer = m_layer.label;
        if (finding.place && !m_layer.crs.empty())
            m_to_degrees.with([&](const CrsTransform& to) {
                finding.place = to.apply(*finding.place);
                finding.shape = to.apply(std::move(finding.shape));
                return 0;
            });
        else if (m_layer.crs.empty())
            finding.place.reset();
        m_findings.add(std::move(finding));
    }

    [[nodiscard]] const LayerSpec* spec() const { return m_layer.spec; }

    void check_structure();
    void check_encoding();
    void read_features();
    [[nodiscard]] Harvest harvest(const vector::LayerStream::Batch& batch,
                                  std::uint32_t first) const;
    void look_at(const vector::SourceFeature& source, std::uint32_t number, const FlawFinder& flaws,
                 Harvest& out) const;
    void look_at_values(const vector::SourceFeature& source, Harvest& out) const;
    void look_at_place(const vector::SourceFeature& source, const CrsTransform& to_degrees,
                       Harvest& out) const;
    void take(Harvest&& harvest);
    void check_extent();
    void check_uniques();
    void check_units_of_values();
    void check_twins();
    void check_sums();
    void check_children();
    void check_shift();
    [[nodiscard]] std::optional<ShiftStudy> shift_study(Point middle) const;
    void check_coverage();
    /// The polygons with borders that do not cancel out.
    [[nodiscard]] std::vector<MultiPolygon> suspects();
    void name_covers(std::vector<CoverageFault>& faults);

    LayerCase& m_layer;
    const Surroundings& m_around;
    Findings& m_findings;
    ToDegrees m_to_degrees;
    BorderLedger m_ledger;
    bool m_covers = false;
    bool m_first_round = true;

    std::vector<std::vector<TextOf>> m_uniques;
    std::vector<std::vector<double>> m_numbers;
    struct Stride {
        std::uint64_t step = 1;
        std::uint64_t seen = 0;
    };
    std::vector<Stride> m_strides;
    std::vector<Twin> m_twins;
    std::map<std::string, std::vector<ExactSum>> m_sums;
    std::set<std::string> m_parents;
    std::vector<std::pair<std::string, Point>> m_members;
    Stride m_member_stride;
    std::vector<Edge> m_edges;
    std::vector<Point> m_samples;
    Stride m_sample_stride;
    std::vector<Finding> m_outside;
    std::uint64_t m_outside_count = 0;
    Box m_box;
    std::uint64_t m_features = 0;
    std::uint64_t m_swapped = 0;
    double m_area_m2 = 0;
    std::set<std::string> m_text_fields;
};

void LayerCheck::check_structure() {
    const auto& stream = m_layer.stream;
    if (spec() == nullptr)
        add({RuleId::layer_unknown});
    if (m_layer.has_shapes() && m_layer.crs.empty())
        add({RuleId::crs_missing});
    // GeoJSON is in WGS 84 by its standard.
    const bool by_standard = stream.format().starts_with("GeoJSON") && m_layer.crs == Crs::wgs84();
    if (!m_layer.crs.empty() && !by_standard && !is_allowed(m_layer.crs, m_around.rules.crs)) {
        Finding finding{RuleId::crs_not_allowed};
        finding.value = m_layer.crs.name();
        add(std::move(finding));
    }
    if (spec() == nullptr)
        return;
    for (std::size_t s = 0; s < spec()->fields.size(); ++s) {
        const auto& field = spec()->fields[s];
        const bool numeric = field.kind == FieldKind::number || field.kind == FieldKind::whole;
        if (const auto column = m_layer.map.of[s];
            column && numeric && stream.fields()[*column].type == vector::FieldType::text &&
            stream.format() != "CSV" && stream.format() != "XLSX") {
            Finding finding{RuleId::value_written};
            finding.field = stream.fields()[*column].name;
            finding.detail = {"数字以文本存储", "numbers kept as text"};
            add(std::move(finding));
        }
        if (m_layer.map.of[s] || !field.required)
            continue;
        std::vector<std::string> theirs;
        for (const auto& f : stream.fields())
            theirs.push_back(f.name);
        const auto near = nearest_name(field.name, theirs);
        Finding finding{RuleId::field_missing};
        finding.field = field.name;
        finding.detail = {field.title.zh + (near ? "；是不是 '" + *near + "'？" : ""),
                          field.title.en + (near ? "; is it '" + *near + "'?" : "")};
        add(std::move(finding));
    }
    for (const auto& [s, f] : m_layer.map.rivals) {
        Finding finding{RuleId::field_rival};
        finding.field = stream.fields()[f].name;
        finding.detail = {fmt::format("'{}' 取自 '{}'", spec()->fields[s].name,
                                      stream.fields()[*m_layer.map.of[s]].name),
                          fmt::format("'{}' is taken from '{}'", spec()->fields[s].name,
                                      stream.fields()[*m_layer.map.of[s]].name)};
        add(std::move(finding));
    }
    const bool wants_shapes = spec()->points || spec()->lines || spec()->polygons;
    if (wants_shapes && !m_layer.has_shapes() && !m_layer.field_of(spec()->parent_field) &&
        !m_layer.field_of("code"))
        add({RuleId::field_missing, {}, {}, "x, y", {}, {"坐标或代码", "coordinates or codes"}});
}

void LayerCheck::check_encoding() {
    const auto& stream = m_layer.stream;
    if (!m_layer.source.encoding.empty())
        return;
    if (stream.declared_encoding().empty() && stream.encoding() == "GB18030") {
        add({RuleId::encoding_unsaid});
    } else if (!stream.declared_encoding().empty() &&
               stream.declared_encoding() != stream.encoding()) {
        Finding finding{RuleId::encoding_wrong};
        finding.value = stream.declared_encoding();
        finding.detail = {fmt::format("实为 {}", stream.encoding()),
                          fmt::format("it is {}", stream.encoding())};
        add(std::move(finding));
    }
}

void LayerCheck::read_features() {
    struct Numbered {
        vector::LayerStream::Batch batch;
        std::uint32_t first;
    };
    const auto total = m_layer.stream.count();
    for (bool more = true; more; m_first_round = false) {
        std::uint64_t read = 0;
        parallel_stream(
            m_around.execution,
            [&]() -> std::optional<Numbered> {
                m_around.execution.progress.check();
                auto batch = m_layer.stream.next();
                if (!batch)
                    return std::nullopt;
                const auto first = static_cast<std::uint32_t>(read);
                read += batch->size();
                if (total && *total > 0)
                    m_around.execution.progress.report(
                        m_layer.label, static_cast<double>(read) / static_cast<double>(*total));
                return Numbered{std::move(*batch), first};
            },
            [&](Numbered& piece) { return harvest(piece.batch, piece.first); },
            [&](Harvest&& result) { take(std::move(result)); });
        m_layer.stream.rewind();
        more = m_covers && m_ledger.close_round(m_around.execution);
    }
}

Harvest LayerCheck::harvest(const vector::LayerStream::Batch& batch, std::uint32_t first) const {
    thread_local const FlawFinder flaws;
    Harvest out;
    const auto n = spec() == nullptr ? 0 : spec()->fields.size();
    out.uniques.resize(n);
    out.numbers.resize(n);
    const auto features = m_layer.features_of(batch);
    const auto work = [&](const CrsTransform* to_degrees) {
        for (const auto& source : features) {
            look_at(source, first++, flaws, out);
            if (to_degrees != nullptr && m_first_round)
                look_at_place(source, *to_degrees, out);
        }
    };
    const bool placed =
        !m_layer.crs.empty() &&
        (m_around.area != nullptr || m_around.parent != nullptr || m_around.reference != nullptr);
    if (placed)
        m_to_degrees.with([&](const CrsTransform& to) {
            work(&to);
            return 0;
        });
    else
        work(nullptr);
    return out;
}

void LayerCheck::look_at(const vector::SourceFeature& source, std::uint32_t number,
                         const FlawFinder& flaws, Harvest& out) const {
    FeatureCase feature{m_layer, source, flaws, out.findings};
    if (m_first_round) {
        for (const auto rule : feature_rules())
            rule(feature);
        look_at_values(source, out);
        ++out.features;
        if (feature.sound || source.type == vector::ShapeType::none) {
            const auto& shape = source.feature.shape;
            const Box box = vector::bounds(shape);
            out.box.add(box);
            Twin twin{print_of(shape), print_of(source.feature.values), source.fid, {}};
            if (!shape.empty())
                twin.place = {box.left, box.bottom};
            if (!shape.empty() || !m_layer.has_shapes())
                out.twins.push_back(twin);
        }
    } else {
        feature.sound = finite(source.feature.shape) && !flaws(source.feature.shape.polygons);
    }
    if (m_covers && feature.sound)
        append_borders(source.feature.shape.polygons, number, out.borders);
}

void LayerCheck::look_at_values(const vector::SourceFeature& source, Harvest& out) const {
    if (spec() == nullptr)
        return;
    const auto& values = source.feature.values;
    for (std::size_t s = 0; s < spec()->fields.size(); ++s) {
        const auto column = m_layer.map.of[s];
        if (!column)
            continue;
        const auto& field = spec()->fields[s];
        if (!field.unique && !field.usual)
            continue;
        const auto text = vector::text_of(values[*column]);
        if (says_nothing(text))
            continue;
        if (field.unique)
            out.uniques[s].push_back({text, source.fid});
        if (field.usual)
            if (const auto number = read_number(text, field.unit);
                number && !stands_for_nothing(number->value))
                out.numbers[s].push_back(number->value);
    }
    if (spec()->parent.empty() || m_around.parent == nullptr)
        return;
    const auto& parent = *m_around.parent;
    const auto code = m_layer.parent_code(source.feature, parent.spec());
    if (code.empty())
        return;
    if (parent.find(code) == nullptr) {
        Finding finding{RuleId::parent_missing};
        finding.fid = source.fid;
        finding.value = code;
        finding.detail = {fmt::format("'{}' 中没有", parent.label()),
                          fmt::format("not in '{}'", parent.label())};
        if (finite(source.feature.shape))
            finding.place = place_on(source.feature.shape);
        out.findings.push_back(std::move(finding));
        return;
    }
    std::vector<double> parts;
    for (const auto& sum : spec()->sums) {
        const auto column = m_layer.field_of(sum.field);
        const auto number =
            column ? read_number(vector::text_of(values[*column]), spec()->field(sum.field)->unit)
                   : std::nullopt;
        parts.push_back(number ? number->value : std::nan(""));
    }
    out.parts.emplace_back(code, std::move(parts));
}

void LayerCheck::look_at_place(const vector::SourceFeature& source, const CrsTransform& to_degrees,
                               Harvest& out) const {
    const auto& shape = source.feature.shape;
    if (shape.empty() || !finite(shape))
        return;
    const auto here = place_on(shape);
    const Point place = to_degrees.apply(*here);
    if (!std::isfinite(place.x + place.y))
        return;
    const auto tell = [&](std::vector<Finding>& list, RuleId rule, double metres) {
        Finding finding{rule};
        finding.fid = source.fid;
        finding.place = here;
        finding.detail = {fmt::format("相距 {:.0f} 米{}", metres, metres >= 1e5 ? "以上" : ""),
                          fmt::format("by {:.0f} m{}", metres, metres >= 1e5 ? " or more" : "")};
        list.push_back(std::move(finding));
    };
    const double outside = m_around.rules.outside;
    if (m_around.area != nullptr) {
        const double metres = m_around.area->outside(place, 1e5);
        if (metres > outside) {
            tell(out.outside, RuleId::feature_outside, metres);
            out.swapped += m_around.area->holds(to_degrees.apply(Point{here->y, here->x})) ? 1 : 0;
        }
    }
    if (m_around.parent != nullptr && spec() != nullptr && !spec()->parent.empty()) {
        const auto code = m_layer.parent_code(source.feature, m_around.parent->spec());
        if (const auto* unit = code.empty() ? nullptr : m_around.parent->find(code);
            unit != nullptr && !unit->degrees.empty()) {
            out.members.emplace_back(code, place);
            if (const double metres = metres_outside(*unit, place, 1e5); metres > outside)
                tell(out.findings, RuleId::parent_place, metres);
        }
    }
    if (m_around.reference != nullptr)
        append_samples(shape, to_degrees, out.samples);
    if (m_covers && !shape.polygons.empty()) {
        thread_local const TrueAreas areas{Crs::wgs84()};
        auto degrees = to_degrees.apply(shape.polygons);
        if (m_around.area != nullptr)
            out.area_m2 += areas(degrees);
        append_edges(degrees, out.edges);
    }
}

/// Keeps every step-th of many values, ever fewer, in their order.
template <class Item, class Stride>
void thin_out(std::vector<Item>& kept, Stride& stride, Item&& item, std::size_t most) {
    if (stride.seen++ % stride.step != 0)
        return;
    kept.push_back(std::move(item));
    if (kept.size() < 2 * most)
        return;
    std::size_t n = 0;
    for (std::size_t i = 0; i < kept.size(); i += 2)
        kept[n++] = std::move(kept[i]);
    kept.resize(n);
    stride.step *= 2;
}

void LayerCheck::take(Harvest&& harvest) {
    if (m_covers)
        m_ledger.add(harvest.borders);
    if (!m_first_round)
        return;
    for (auto& finding : harvest.findings)
        add(std::move(finding));
    m_outside_count += harvest.outside.size();
    for (auto& finding : harvest.outside)
        if (m_outside.size() < m_around.rules.most)
            m_outside.push_back(std::move(finding));
    for (std::size_t s = 0; s < m_uniques.size(); ++s) {
        for (auto& text : harvest.uniques[s])
            m_uniques[s].push_back(std::move(text));
        for (auto number : harvest.numbers[s])
            thin_out(m_numbers[s], m_strides[s], std::move(number), 4096);
    }
    m_twins.insert(m_twins.end(), harvest.twins.begin(), harvest.twins.end());
    for (auto& [code, values] : harvest.parts) {
        m_parents.insert(code);
        auto& sums = m_sums[code];
        sums.resize(values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!std::isnan(values[i]))
                sums[i].add(values[i]);
    }
    for (auto& member : harvest.members)
        thin_out(m_members, m_member_stride, std::move(member), most_members);
    if (m_edges.size() < most_edges)
        m_edges.insert(m_edges.end(), harvest.edges.begin(), harvest.edges.end());
    for (auto& sample : harvest.samples)
        thin_out(m_samples, m_sample_stride, std::move(sample), 2000);
    m_box.add(harvest.box);
    m_features += harvest.features;
    m_swapped += harvest.swapped;
    m_area_m2 += harvest.area_m2;
}

void LayerCheck::check_extent() {
    if (m_box.empty() || m_layer.crs.empty())
        return;
    const auto& crs = m_layer.crs;
    const auto& box = m_box;
    const bool degrees_like = std::abs(box.left) <= 180 && std::abs(box.right) <= 180 &&
                              std::abs(box.bottom) <= 90 && std::abs(box.top) <= 90;
    const auto tell = [&](RuleId rule, const char* zh, const char* en) {
        Finding finding{rule};
        finding.value =
            fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}", box.left, box.bottom, box.right, box.top);
        finding.detail = {zh, en};
        add(std::move(finding));
    };
    const bool chinese_swapped =
        crs.geographic() && box.left >= 3 && box.right <= 54 && box.bottom >= 73 && box.top <= 136;
    if (chinese_swapped || (m_outside_count == m_features && m_swapped * 2 > m_features)) {
        tell(RuleId::axes_swapped, "", "");
        return;
    }
    if (crs.geographic() && !degrees_like) {
        tell(RuleId::crs_mismatch, "坐标不是度", "the coordinates are no degrees");
        return;
    }
    if (!crs.geographic() && degrees_like) {
        tell(RuleId::crs_mismatch, "坐标像是度，而坐标系以米为单位",
             "they look like degrees, and the CRS counts metres");
        return;
    }
    // A Gauss-Kruger easting with its zone in front has eight digits.
    const bool zoned = crs.wkt().find("0500000") != std::string::npos ||
                       crs.name().find("zone") != std::string::npos;
    if (!crs.geographic() && box.left >= 1e7 && box.right < 6e7 && !zoned) {
        tell(RuleId::crs_mismatch, "横坐标带有带号，坐标系没有",
             "the eastings carry a zone number that the CRS does not have");
        return;
    }
    if (m_around.area != nullptr && m_features > 0 && m_outside_count == m_features) {
        tell(RuleId::extent_outside, "", "");
        return;
    }
    const auto kept = m_outside.size();
    for (auto& finding : m_outside)
        add(std::move(finding));
    m_findings.count_more(RuleId::feature_outside, m_layer.label, m_outside_count - kept);
}

void LayerCheck::check_uniques() {
    for (std::size_t s = 0; s < m_uniques.size(); ++s) {
        auto& texts = m_uniques[s];
        std::stable_sort(texts.begin(), texts.end(),
                         [](const TextOf& a, const TextOf& b) { return a.text < b.text; });
        std::vector<Finding> found;
        for (std::size_t i = 1; i < texts.size(); ++i) {
            if (texts[i].text != texts[i - 1].text)
                continue;
            Finding finding{RuleId::value_twice};
            finding.fid = texts[i].fid;
            finding.field = m_layer.stream.fields()[*m_layer.map.of[s]].name;
            finding.value = texts[i].text;
            finding.detail = {fmt::format("与要素 {} 相同", texts[i - 1].fid),
                              fmt::format("as feature {}", texts[i - 1].fid)};
            found.push_back(std::move(finding));
        }
        std::sort(found.begin(), found.end(),
                  [](const Finding& a, const Finding& b) { return *a.fid < *b.fid; });
        for (auto& finding : found)
            add(std::move(finding));
    }
}

void LayerCheck::check_units_of_values() {
    for (std::size_t s = 0; s < m_numbers.size(); ++s) {
        auto& numbers = m_numbers[s];
        const auto& field = spec()->fields[s];
        if (!field.usual || numbers.size() < 10)
            continue;
        const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
        std::nth_element(numbers.begin(), middle, numbers.end());
        if (field.usual->holds(*middle))
            continue;
        Finding finding{RuleId::value_unit};
        finding.field = m_layer.stream.fields()[*m_layer.map.of[s]].name;
        finding.value = fmt::format("{:g}", *middle);
        finding.detail = {fmt::format("中位数 {:g}，常见 {:g} 至 {:g} {}", *middle,
                                      field.usual->least, field.usual->most, field.unit),
                          fmt::format("the median is {:g}; usual are {:g} to {:g} {}", *middle,
                                      field.usual->least, field.usual->most, field.unit)};
        add(std::move(finding));
    }
}

void LayerCheck::check_twins() {
    std::stable_sort(m_twins.begin(), m_twins.end(), [](const Twin& a, const Twin& b) {
        return std::tie(a.shape, a.values) < std::tie(b.shape, b.values);
    });
    std::vector<Finding> found;
    for (std::size_t i = 1; i < m_twins.size(); ++i) {
        const auto& twin = m_twins[i];
        const auto& other = m_twins[i - 1];
        const bool whole = twin.values == other.values;
        // Records of a table may be alike in all but what tells them apart.
        if (twin.shape != other.shape || (!whole && !m_layer.has_shapes()))
            continue;
        Finding finding{whole ? RuleId::feature_twice : RuleId::geometry_twice};
        finding.fid = twin.fid;
        finding.detail = {fmt::format("与要素 {} 相同", other.fid),
                          fmt::format("as feature {}", other.fid)};
        if (m_layer.has_shapes())
            finding.place = twin.place;
        found.push_back(std::move(finding));
    }
    std::sort(found.begin(), found.end(),
              [](const Finding& a, const Finding& b) { return *a.fid < *b.fid; });
    for (auto& finding : found)
        add(std::move(finding));
}

void LayerCheck::check_sums() {
    if (m_around.parent == nullptr || spec() == nullptr)
        return;
    const auto& parent = *m_around.parent;
    for (std::size_t i = 0; i < spec()->sums.size(); ++i) {
        const auto& sum = spec()->sums[i];
        if (sum.to != parent.spec().id || !m_layer.field_of(sum.field))
            continue;
        const auto own = std::find_if(parent.spec().fields.begin(), parent.spec().fields.end(),
                                      [&](const FieldSpec& f) { return f.name == sum.field; }) -
                         parent.spec().fields.begin();
        for (const auto& [code, sums] : m_sums) {
            const auto* unit = parent.find(code);
            if (own == static_cast<std::ptrdiff_t>(parent.spec().fields.size()) ||
                !unit->numbers[own])
                continue;
            const double whole = *unit->numbers[own];
            const double parts = sums[i].total();
            if (std::abs(whole - parts) <=
                m_around.rules.sum_share * std::max(std::abs(whole), 1.0))
                continue;
            Finding finding{RuleId::sum_differs};
            finding.field = sum.field;
            finding.value = fmt::format("{:.15g}", parts);
            finding.detail = {fmt::format("{}（{}）为 {:.15g}", unit->name, code, whole),
                              fmt::format("{} ({}) has {:.15g}", unit->name, code, whole)};
            add(std::move(finding));
        }
    }
}

void LayerCheck::check_children() {
    if (m_around.parent == nullptr || spec() == nullptr || m_parents.empty() ||
        !(spec()->polygons || spec()->id == "villages"))
        return;
    for (const auto& [code, unit] : m_around.parent->all()) {
        if (m_parents.contains(code))
            continue;
        Finding finding{RuleId::parent_childless};
        finding.value = code;
        finding.detail = {fmt::format("{}（'{}'）", unit.name, m_around.parent->label()),
                          fmt::format("{} of '{}'", unit.name, m_around.parent->label())};
        add(std::move(finding));
    }
}

/// Against a reference if there is one; else points by the distance from the units of their
/// codes, and a coverage by the distance of the borders of the units above from its own.
std::optional<ShiftStudy> LayerCheck::shift_study(Point middle) const {
    constexpr double limit = 1500;
    const Plane plane{middle};
    const auto mean = [](const auto& items, auto&& distance) {
        double sum = 0;
        for (const auto& item : items)
            sum += distance(item);
        return sum / static_cast<double>(items.size());
    };
    using Move = std::function<Point(Point)>;
    if (m_around.reference != nullptr && m_samples.size() >= 10)
        return study_shift(middle, [&](const Move& move) {
            return mean(m_samples, [&](Point p) {
                return m_around.reference->distance(m_around.plane->of(move(p)), limit);
            });
        });
    if (m_around.parent == nullptr)
        return std::nullopt;
    if (m_covers && !m_edges.empty()) {
        std::vector<Edge> edges;
        for (const auto& edge : m_edges)
            edges.push_back({plane.of(edge.from), plane.of(edge.to)});
        const Outline own{std::move(edges)};
        std::vector<Point> borders;
        Stride stride;
        for (const auto& [code, unit] : m_around.parent->all())
            for (const auto& polygon : unit.degrees)
                for (const auto p : polygon.outer)
                    thin_out(borders, stride, Point{p}, 1000);
        if (borders.size() < 10)
            return std::nullopt;
        return study_shift(middle, [&](const Move& move) {
            return mean(borders, [&](Point p) {
                // The layer moved one way is its surroundings moved the other.
                const auto there = plane.of(move(p));
                const auto here = plane.of(p);
                return own.distance({2 * here.x - there.x, 2 * here.y - there.y}, limit);
            });
        });
    }
    if (m_members.size() < 10)
        return std::nullopt;
    return study_shift(middle, [&](const Move& move) {
        return mean(m_members, [&](const auto& member) {
            return metres_outside(*m_around.parent->find(member.first), move(member.second), limit);
        });
    });
}

void LayerCheck::check_shift() {
    if (m_box.empty() || m_layer.crs.empty())
        return;
    Point middle{};
    m_to_degrees.with([&](const CrsTransform& to) {
        middle = to.apply(Point{(m_box.left + m_box.right) / 2, (m_box.bottom + m_box.top) / 2});
        return 0;
    });
    if (!std::isfinite(middle.x + middle.y))
        return;
    const auto study = shift_study(middle);
    if (!study || (!study->gcj02() && !study->shifted()))
        return;
    Finding finding{study->gcj02() ? RuleId::shift_gcj02 : RuleId::shift_other};
    const double rest = study->gcj02() ? study->without : study->after;
    finding.value = fmt::format("{:.0f} m {}, {:.0f} m {}", std::abs(study->east),
                                study->east < 0 ? "west" : "east", std::abs(study->north),
                                study->north < 0 ? "south" : "north");
    finding.detail = {
        fmt::format("向{} {:.0f} 米、向{} {:.0f} 米；与对照平均相差 {:.1f} 米，改正后 {:.1f} 米",
                    study->east < 0 ? "西" : "东", std::abs(study->east),
                    study->north < 0 ? "南" : "北", std::abs(study->north), study->before, rest),
        fmt::format("off its surroundings by {:.1f} m on average, {:.1f} m without the shift",
                    study->before, rest)};
    add(std::move(finding));
}

std::vector<MultiPolygon> LayerCheck::suspects() {
    std::vector<MultiPolygon> found;
    const auto& owners = m_ledger.owners();
    auto next = owners.begin();
    std::uint32_t number = 0;
    constexpr std::size_t most = 200000;
    m_layer.stream.rewind();
    while (next != owners.end() && found.size() < most) {
        const auto batch = m_layer.stream.next();
        if (!batch)
            break;
        const auto end = number + static_cast<std::uint32_t>(batch->size());
        if (*next >= end) {
            number = end;
            continue;
        }
        for (auto& source : m_layer.features_of(*batch)) {
            if (next != owners.end() && *next == number) {
                ++next;
                found.push_back(std::move(source.feature.shape.polygons));
            }
            ++number;
        }
    }
    m_layer.stream.rewind();
    return found;
}

/// Which features overlap: looked for in the whole layer, since one that lies inside another
/// leaves that one's borders as they should be. Of the first faults only, as many as are kept.
void LayerCheck::name_covers(std::vector<CoverageFault>& faults) {
    std::vector<CoverageFault*> overlaps;
    for (auto& fault : faults)
        if (fault.cover > 1 && overlaps.size() < m_around.rules.most)
            overlaps.push_back(&fault);
    if (overlaps.empty())
        return;
    using Found = std::vector<std::tuple<std::size_t, std::int64_t, std::string>>;
    m_layer.stream.rewind();
    parallel_stream(
        m_around.execution, [&] { return m_layer.stream.next(); },
        [&](const vector::LayerStream::Batch& batch) {
            Found found;
            for (const auto& source : m_layer.features_of(batch)) {
                const auto& polygons = source.feature.shape.polygons;
                const Box box = bounds(polygons);
                for (std::size_t i = 0; i < overlaps.size(); ++i) {
                    const Point p = overlaps[i]->inside;
                    if (p.x < box.left || p.x > box.right || p.y < box.bottom || p.y > box.top ||
                        !contains(polygons, p))
                        continue;
                    const auto code = m_layer.own_code(source.feature);
                    found.emplace_back(i, source.fid,
                                       code.empty() ? fmt::format("{}", source.fid) : code);
                }
            }
            return found;
        },
        [&](Found&& found) {
            for (auto& [i, fid, name] : found)
                overlaps[i]->features.emplace_back(fid, std::move(name));
        });
    m_layer.stream.rewind();
}

void LayerCheck::check_coverage() {
    if (m_around.area != nullptr && m_features > 0) {
        const double share = m_area_m2 / m_around.area->m2();
        if (share < 0.99) {
            Finding finding{RuleId::coverage_area};
            finding.value = fmt::format("{:.1f} %", 100 * share);
            add(std::move(finding));
        }
    }
    auto faults = coverage_faults(suspects(), m_ledger.left(), m_layer.crs, m_around.rules);
    name_covers(faults);
    for (const auto& fault : faults)
        add(fault.finding());
}

} // namespace

CheckedLayer check_layer(LayerCase& layer, const Surroundings& around, Findings& findings) {
    return LayerCheck{layer, around, findings}.run();
}

} // namespace riskmap::census
