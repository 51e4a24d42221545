// SPDX-License-Identifier: MIT
#include <riskmap/spec/door.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/spec/value.hpp>

#include "../geo/gdal.hpp"
#include "placement.hpp"

namespace riskmap::spec {

namespace {

bool all_digits(const std::string& text) {
    return !text.empty() && text.size() < 6 &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return c >= '0' && c <= '9'; });
}

/// Tells a unit of the file that is none of the usual ones where no unit is wanted.
void tell_unusual(const std::string& unit, Account& account) {
    for (const std::string_view usual : {"m", "metre", "meter", "mm", "m/s", "%", "persons", "g"})
        if (small_letters(unit) == usual)
            return;
    if (!density_of(unit))
        account.remark({fmt::format("波段的单位为“{}”，按原值使用（否则用 factor= 说明）", unit),
                        fmt::format("its unit is '{}', and its values are used as they are (else "
                                    "say factor=)",
                                    unit)});
}

/// What the unit of a band says, as a factor to the one wanted; 1 where it says nothing. Where none
/// is wanted, lengths that are said are brought to metres.
double factor_of(const std::string& said, const std::string& of_file, std::string wanted,
                 Account& account) {
    const auto& unit = said.empty() ? of_file : said;
    if (unit.empty())
        return 1;
    // Of a density the area is the affair of who sums it.
    const auto density = density_of(unit);
    if (wanted.empty()) {
        if (said.empty())
            tell_unusual(unit, account);
        if (said.empty() || density)
            return 1;
        if (!unit_factor(unit, "m"))
            throw input_error(fmt::format("unit '{}' of '{}': what it is to be brought to is not "
                                          "known here",
                                          unit, account.label),
                              "say factor=NUMBER instead");
        wanted = "m";
    }
    const auto factor = unit_factor(density ? density->amount : unit, wanted);
    if (!factor && density)
        return 1;
    if (!factor) {
        if (!said.empty())
            throw input_error(
                fmt::format("unit '{}' of '{}' is none of {}", unit, account.label, wanted),
                fmt::format("its values are wanted in {}", wanted));
        account.remark({fmt::format("波段的单位“{}”未识别，按 {} 取值", unit, wanted),
                        fmt::format("its unit '{}' is not known here, taken as {}", unit, wanted)});
        return 1;
    }
    if (*factor != 1)
        account.remark({fmt::format("单位 {}，乘以 {:g} 化为 {}", unit, *factor, wanted),
                        fmt::format("in {}, brought to {} by {:g}", unit, wanted, *factor)});
    return *factor;
}

} // namespace

std::optional<Density> density_of(const std::string& unit) {
    const auto text = small_letters(half_width(unit));
    struct Sign {
        const char* text;
        double per_m2;
    };
    constexpr std::array<Sign, 14> signs{{{"/km2", 1e-6},
                                          {"/km²", 1e-6},
                                          {"/km^2", 1e-6},
                                          {" per km", 1e-6},
                                          {" km-2", 1e-6},
                                          {" km^-2", 1e-6},
                                          {"/平方公里", 1e-6},
                                          {"/平方千米", 1e-6},
                                          {"/sq km", 1e-6},
                                          {"/sqkm", 1e-6},
                                          {"/ha", 1e-4},
                                          {" per ha", 1e-4},
                                          {"/公顷", 1e-4},
                                          {"/m2", 1}}};
    for (const auto& sign : signs)
        if (const auto at = text.find(sign.text); at != std::string::npos)
            return Density{std::string{trim(std::string_view{text}.substr(0, at))}, sign.per_m2};
    return std::nullopt;
}

std::shared_ptr<const raster::Source> in_each_cell(std::shared_ptr<const raster::Source> densities,
                                                   const Density& density) {
    return raster::areas_of(raster::mapped(
        std::move(densities), [share = density.per_m2](double v) { return v * share; }));
}

Raster::Raster(Source source, std::shared_ptr<const raster::Reader> reader,
               std::shared_ptr<Account> account)
    : m_source{std::move(source)}, m_reader{std::move(reader)}, m_account{std::move(account)} {}

std::vector<double> Raster::values_at(std::vector<Point> places, const Crs& crs, const Words& what,
                                      raster::Sampling sampling, const Execution& execution) const {
    places = CrsTransform{crs, grid().crs}.apply(std::move(places));
    const bool covers = std::any_of(places.begin(), places.end(),
                                    [&](Point p) { return grid().cell_at(p).has_value(); });
    auto values = raster::values_at(*m_reader, places, sampling, execution);
    const auto none = static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }));
    if (none == 0)
        return values;
    if (m_source.where_nodata) {
        std::replace_if(
            values.begin(), values.end(), [](double v) { return std::isnan(v); },
            *m_source.where_nodata);
        m_account->remark({fmt::format("{}/{} 个{}处没有数据，按说明取 {:g}", none, values.size(),
                                       what.zh, *m_source.where_nodata),
                           fmt::format("no data at {} of {} {}, taken as {:g} as said", none,
                                       values.size(), what.en, *m_source.where_nodata)});
        return values;
    }
    if (!covers)
        throw input_error(
            fmt::format("'{}' covers none of the {} {}", label(), values.size(), what.en),
            "check that it is of the same place, and its CRS");
    m_account->remark({fmt::format("{}/{} 个{}处没有数据，视为未知（若无数据表示某值，用 "
                                   "where-nodata=0 说明）",
                                   none, values.size(), what.zh),
                       fmt::format("no data at {} of {} {}: not known there (if it means a value, "
                                   "say where-nodata=0)",
                                   none, values.size(), what.en)});
    return values;
}

void Door::note(const std::filesystem::path& file) {
    // What was read first stands: a file that is opened again must still be that.
    if (m_fingerprints != nullptr && !m_opened.contains(file.string()))
        m_opened.emplace(file.string(), m_fingerprints->of(file));
}

void Door::add_opened(const Door& other) {
    m_opened.insert(other.m_opened.begin(), other.m_opened.end());
}

std::shared_ptr<Account> Door::open(const Source& source) {
    note(source.file);
    auto account = std::make_shared<Account>();
    account->label = source.label();
    m_accounts.push_back(account);
    return account;
}

Table Door::table(const Source& source, const std::string& spec, Shapes shapes) {
    return table(source, spec_named(built_in_specs(), source.spec.empty() ? spec : source.spec),
                 shapes);
}

Table Door::table(const Source& source, const LayerSpec& spec, Shapes shapes) {
    return {source, spec, shapes, open(source)};
}

Door::Areas Door::areas(const FieldSource& named) {
    auto read = table(named.source, any_layer(), Shapes::required);
    const auto column = read.column(named.field);
    for (std::size_t row = 0; row < read.size(); ++row)
        if (read.layer().features[row].shape.polygons.empty())
            throw input_error(fmt::format("{} is no polygon", read.where(row)),
                              "units are polygons: townships or counties");
    if (read.size() == 0)
        throw input_error(fmt::format("layer '{}' is empty", read.layer().name));
    auto field = read.layer().fields[column].name;
    return {std::move(read.layer()), std::move(field)};
}

Raster Door::raster(const Source& asked, const std::string& unit) {
    auto source = asked;
    if (source.band == 0 && all_digits(source.layer)) {
        source.band = std::stoi(source.layer);
        source.layer.clear();
    }
    auto account = open(source);
    raster::ReadRules rules;
    rules.band = std::max(1, source.band);
    rules.nodata = source.nodata;
    if (!source.crs.empty())
        rules.crs = Crs::parse(source.crs);
    const auto file = raster::with_variable(source.file, source.layer);
    auto reader = std::make_shared<raster::Reader>(file, rules);
    if (source.factor != 1)
        account->remark({fmt::format("按说明乘以 {:g}", source.factor),
                         fmt::format("multiplied by {:g} as said", source.factor)});
    if (const double factor =
            source.factor * factor_of(source.unit, reader->unit(), unit, *account);
        factor != 1) {
        rules.factor = factor;
        reader = std::make_shared<raster::Reader>(file, rules);
    }
    m_readers.emplace_back(account, reader);
    account->form = reader->type_name();
    account->band = reader->band();
    tell_crs(reader->grid(), reader->crs_of_file(), *account, account->label);
    if (reader->bands() > 1 && source.band == 0)
        account->remark({fmt::format("有 {} 个波段，取第 1 个（用 {}:2 指定其他波段）",
                                     reader->bands(), source.label()),
                         fmt::format("holds {} bands, the first is taken (name another as {}:2)",
                                     reader->bands(), source.label())});
    if (reader->south_up())
        account->remark({"行由南向北，已翻转", "its rows run from south to north and were turned"});
    return {std::move(source), std::move(reader), std::move(account)};
}

std::shared_ptr<const raster::Source> Door::amounts(const Source& asked, const std::string& unit) {
    Source source = asked;
    auto said = source.unit;
    if (said.empty()) {
        Door unheard{m_fingerprints}; // what it has to say is told below
        said = unheard.raster(asked).reader()->unit();
        add_opened(unheard);
    }
    const auto density = density_of(said);
    if (!density)
        return raster(source, unit).reader();
    source.unit = unit_factor(density->amount, unit) ? density->amount : unit;
    const auto opened = raster(source, unit);
    opened.account().remark(
        {fmt::format("单位 {}，已乘以像元面积", said),
         fmt::format("its unit is {}: multiplied by the area of each cell", said)});
    return in_each_cell(opened.reader(), *density);
}

void Door::remark(const std::string& label, const Words& words) {
    for (const auto& account : m_accounts)
        if (account->label == label) {
            account->remark(words);
            return;
        }
    auto account = std::make_shared<Account>();
    account->label = label;
    account->remark(words);
    m_accounts.push_back(std::move(account));
}

void Door::settle() const {
    for (auto& [account, reader] : m_readers) {
        if (reader == nullptr)
            continue;
        if (const auto met = reader->met_sentinel())
            account->remark(
                {fmt::format("有值为 {:g} 的像元，而文件没有声明无数据值，按数据计：若是无数据，"
                             "用 nodata={:g} 说明",
                             *met, *met),
                 fmt::format("holds {:g} and declares no nodata value: those cells count "
                             "as data; if they are none, say nodata={:g}",
                             *met, *met)});
        if (!reader->met_infinity())
            continue;
        const auto cells = reader->count_infinities();
        account->remark({fmt::format("{} 个像元为无穷大，视为无数据", cells),
                         fmt::format("{} cells are infinite and count as no data", cells)});
        reader = nullptr;
    }
}

std::vector<Account> Door::accounts() const {
    settle();
    std::vector<Account> out;
    for (const auto& account : m_accounts)
        out.push_back(*account);
    return out;
}

std::vector<std::string> Door::lines(Language language) const {
    settle();
    std::vector<std::string> lines;
    for (const auto& account : m_accounts)
        if (auto line = account->line(language);
            !line.empty() && std::find(lines.begin(), lines.end(), line) == lines.end())
            lines.push_back(std::move(line));
    return lines;
}

const LayerSpec& any_layer() {
    static const LayerSpec spec = [] {
        LayerSpec any;
        any.id = "layer";
        return any;
    }();
    return spec;
}

bool is_raster(const std::filesystem::path& file) {
    constexpr std::array<std::string_view, 5> rasters{".tif", ".tiff", ".img", ".asc", ".nc"};
    constexpr std::array<std::string_view, 10> tables{
        ".shp", ".gpkg", ".gdb", ".geojson", ".csv", ".tsv", ".txt", ".sqlite", ".xlsx", ".xls"};
    const auto extension = small_letters(file.extension().string());
    if (std::find(rasters.begin(), rasters.end(), extension) != rasters.end())
        return true;
    if (std::find(tables.begin(), tables.end(), extension) != tables.end())
        return false;
    const auto dataset = gdal::open(file, GDAL_OF_VECTOR | GDAL_OF_RASTER);
    const gdal::Messages unheard;
    return GDALDatasetGetLayerCount(dataset.get()) == 0;
}

} // namespace riskmap::spec
