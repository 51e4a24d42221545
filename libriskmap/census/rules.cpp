// SPDX-License-Identifier: MIT
// The table of rules: what is wrong, why it matters, how to mend it.
#include <riskmap/census/finding.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace riskmap::census {

namespace {

using enum RuleId;
using enum Severity;

const std::array<Rule, 61>& table() {
    static const std::array<Rule, 61> rows{{
        {file_unreadable,
         "file-unreadable",
         error,
         false,
         {"文件无法读取", "the file cannot be read"},
         {"缺失、截断、损坏或不认识的格式，其中的数据不会进入任何图件。",
          "Missing, cut short, damaged or of an unknown format: nothing in it reaches a map."},
         {"重新获取文件；压缩包解压后再用；Excel 的 UTF-16 文本另存为“CSV UTF-8”。",
          "Get the file again; unpack archives; save UTF-16 text as 'CSV UTF-8'."}},
        {layer_empty,
         "layer-empty",
         error,
         false,
         {"图层没有要素", "the layer holds no feature"},
         {"空图层常是导出时的选择集为空。",
          "Empty layers mostly come from an export of nothing selected."},
         {"清除选择后重新导出。", "Clear the selection and export again."}},
        {layer_unknown,
         "layer-unknown",
         note,
         false,
         {"没有对应的图层规范", "no specification fits the layer"},
         {"只检查通用规则，不检查字段。", "Only the general rules are checked, no fields."},
         {"用 spec=名称 指定规范（docs/layers.md）。", "Name one by spec=NAME (docs/layers.md)."}},
        {encoding_unsaid,
         "encoding-unsaid",
         warning,
         true,
         {"文字是 GBK 编码，但文件没有说明", "the text is GBK, and the file does not say so"},
         {"其他软件会显示乱码。", "Other programs show it garbled."},
         {"riskmap check --fix 写出 UTF-8 副本；或在 .dbf 旁放内容为 GBK 的 .cpg。",
          "riskmap check --fix writes a copy in UTF-8; or put a .cpg with GBK beside the .dbf."}},
        {encoding_wrong,
         "encoding-wrong",
         warning,
         true,
         {"文字的编码与文件声明的不同", "the text is not in the encoding that the file declares"},
         {"按声明读取会得到乱码。", "Read as declared it is garbled."},
         {"更正 .cpg 文件；或 riskmap check --fix。",
          "Correct the .cpg file; or riskmap check --fix."}},
        {text_broken,
         "text-broken",
         error,
         false,
         {"文字中有无法解码的字节", "text holds bytes that cannot be decoded"},
         {"名称已经损坏，无法恢复。", "A name is damaged and cannot be brought back."},
         {"从原始数据重新导出，编码选 UTF-8。", "Export again from the original, as UTF-8."}},
        {text_cut,
         "text-cut",
         warning,
         false,
         {"文字被字段宽度截断", "texts are cut by the width of their field"},
         {"名称不完整，列名可能相同；截断处不足一个字的字节已略去。",
          "Names are not whole and those of columns may be alike; what is left of a character is "
          "left out."},
         {"从原始数据重新导出为 GeoPackage。", "Export again from the original, as GeoPackage."}},
        {row_cut,
         "row-cut",
         warning,
         false,
         {"行不完整，列数比其他行少",
          "rows are cut short: they have fewer columns than the others"},
         {"缺的值按未知处理；最后一行不完整时，文件可能没有传完。",
          "What they lack is unknown; where it is the last row, the file may not be whole."},
         {"补齐该行，或重新获取文件。", "Complete the row, or get the file again."}},
        {text_unsafe,
         "text-unsafe",
         warning,
         false,
         {"文字像公式、网页代码或含控制字符",
          "text looks like a formula or markup, or holds control characters"},
         {"以 = + - @ 开头的文字会被电子表格当作公式执行。",
          "A spreadsheet runs text that begins with = + - @ as a formula."},
         {"改正文字。riskmap 写 CSV 和 HTML 时会转义。",
          "Correct the text. riskmap escapes it in CSV and HTML."}},
        {text_blanks,
         "text-blanks",
         warning,
         true,
         {"文字前后有空白", "blanks around a text"},
         {"按名称或代码连接时会对不上。", "Joins by name or code fail."},
         {"riskmap check --fix 去掉它们。", "riskmap check --fix takes them off."}},
        {crs_missing,
         "crs-missing",
         error,
         false,
         {"没有坐标系", "no CRS"},
         {"不知道坐标系就无法放到图上。", "Without one nobody knows where it lies."},
         {"补上 .prj 文件，或用 crs=EPSG:4490 说明。", "Add the .prj file, or say crs=EPSG:4490."}},
        {crs_assumed,
         "crs-assumed",
         note,
         false,
         {"经纬度按 CGCS2000 处理", "longitudes and latitudes are taken for CGCS2000"},
         {"表格无处说明坐标系。", "A table has no place to say its CRS."},
         {"如果不是，用 crs=EPSG:代码 说明。", "If they are not, say crs=EPSG:N."}},
        {crs_not_allowed,
         "crs-not-allowed",
         warning,
         false,
         {"坐标系不在允许之列", "the CRS is not one of those allowed"},
         {"普查成果要求 CGCS2000；北京54、西安80 与它相差数十米。",
          "The census asks for CGCS2000; Beijing 1954 and Xian 1980 differ from it by tens of "
          "metres."},
         {"转换到 CGCS2000；或在 [check] crs 中允许它。",
          "Transform it to CGCS2000, or allow it in [check] crs."}},
        {crs_mismatch,
         "crs-mismatch",
         error,
         false,
         {"坐标值与坐标系不符", "the coordinates cannot be of the declared CRS"},
         {"例如坐标是度而坐标系以米为单位，或带号与坐标系不符。",
          "Degrees in a system of metres, say, or a zone number that the CRS does not have."},
         {"更正坐标系定义，不要改坐标。", "Correct the CRS, not the coordinates."}},
        {axes_swapped,
         "axes-swapped",
         error,
         false,
         {"经纬度（或 XY）颠倒", "the two coordinates are swapped"},
         {"图层会落到别的地方。", "The layer lands elsewhere."},
         {"交换两列坐标。", "Swap the two columns."}},
        {extent_outside,
         "extent-outside",
         error,
         false,
         {"整个图层在区域之外", "the whole layer lies outside the area"},
         {"多半是坐标系错了。", "Mostly the CRS is wrong."},
         {"核对坐标系和数据来源。", "Check the CRS and where the data came from."}},
        {feature_outside,
         "feature-outside",
         warning,
         false,
         {"要素在区域之外", "a feature lies outside the area"},
         {"它不会计入任何单元。", "It counts for no unit."},
         {"核对位置；不属于本市的删除。", "Check its place; remove what is not of the city."}},
        {shift_gcj02,
         "shift-gcj02",
         error,
         false,
         {"疑似 GCJ-02 偏移", "shifted as by GCJ-02"},
         {"互联网地图的坐标有约 500 米的加密偏移，点会落入别的村镇。",
          "Coordinates of internet maps are off by some 500 m: points fall into other villages."},
         {"riskmap ingest --unshift 按公开近似公式还原；最好取原始坐标。",
          "riskmap ingest --unshift takes it off by the public approximation; better get the "
          "original."}},
        {shift_other,
         "shift-other",
         warning,
         false,
         {"整体平移", "shifted as a whole"},
         {"坐标系错误（如西安80当作2000）会使图层整体平移。",
          "A wrong CRS (Xian 1980 taken for CGCS2000) shifts a layer as a whole."},
         {"核对坐标系；不要手工平移。", "Check the CRS; do not move it by hand."}},
        {header_row,
         "header-row",
         warning,
         true,
         {"表头不在第一行", "the names of the columns do not stand in the first row"},
         {"其他软件会把标题当作字段名。",
          "Other programs take the title for the names of the fields."},
         {"riskmap check --fix 写出去掉标题的副本。",
          "riskmap check --fix writes a copy without the title."}},
        {field_missing,
         "field-missing",
         error,
         false,
         {"缺少必填字段", "a required field is missing"},
         {"没有它，图层不能用。", "The layer cannot be used without it."},
         {"补上字段，或用 fields=原名=规范名 指明。",
          "Add it, or say which one it is: fields=THEIRS=OURS."}},
        {field_rival,
         "field-rival",
         warning,
         false,
         {"两个字段都可能是同一项", "two fields could be the same one"},
         {"riskmap 取了其中一个，可能取错。", "riskmap took one of them, perhaps the wrong one."},
         {"用 fields=原名=规范名 指明。", "Say which one: fields=THEIRS=OURS."}},
        {value_missing,
         "value-missing",
         error,
         false,
         {"必填值为空", "a required value is missing"},
         {"空值不是零，这个要素不会被计入。", "Nothing is not zero: the feature does not count."},
         {"补上数值。", "Fill it in."}},
        {value_type,
         "value-type",
         error,
         false,
         {"值的类型不对", "a value is not of its type"},
         {"读不成数字或日期的值不会被计入。",
          "What does not read as a number or date does not count."},
         {"改成数字或日期。", "Write a number or a date."}},
        {value_written,
         "value-written",
         warning,
         true,
         {"数字或日期写法不规范", "a number or date is written in another style"},
         {"全角、千分位、“万”、单位或以文本存储，其他软件读不出来。",
          "Full-width digits, separators, 万, units or numbers kept as text: others cannot read "
          "it."},
         {"riskmap check --fix 转换它。", "riskmap check --fix converts it."}},
        {value_sentinel,
         "value-sentinel",
         error,
         true,
         {"数值像是“无数据”标记", "a number that stands for no data"},
         {"-9999 会被当作真实数值参与统计。", "-9999 would be counted as a value."},
         {"riskmap check --fix 换成空值。", "riskmap check --fix makes it nothing."}},
        {value_range,
         "value-range",
         error,
         false,
         {"数值超出范围", "a value is out of range"},
         {"多半是多打了数位或单位错误。", "Mostly a digit too many, or the wrong unit."},
         {"核对原始资料。", "Check the source."}},
        {value_unit,
         "value-unit",
         warning,
         false,
         {"疑似单位错误", "the unit looks wrong"},
         {"一列数值整体偏离常见范围，常是“万”、“亩”、“厘米”。",
          "The column as a whole is far from what is usual: 万, mu or centimetres, often."},
         {"核对字段的单位。", "Check the unit of the field."}},
        {value_choice,
         "value-choice",
         error,
         false,
         {"值不在代码表中", "a value is not in the code list"},
         {"不认识的类别不会被计入。", "What is not known does not count."},
         {"改成代码表中的值（docs/layers.md）。", "Use one of the list (docs/layers.md)."}},
        {value_long,
         "value-long",
         warning,
         false,
         {"文字过长", "a text is very long"},
         {"多半是误粘贴的内容。", "Mostly pasted by mistake."},
         {"删去多余内容。", "Cut it."}},
        {value_twice,
         "value-twice",
         error,
         false,
         {"唯一字段有重复值", "a value that must be unique stands twice"},
         {"重复的代码会使连接和汇总出错。", "Joins and sums go wrong."},
         {"各给各的代码，或合并要素。", "Give each its own, or merge the features."}},
        {code_format,
         "code-format",
         error,
         false,
         {"行政区划代码格式不对", "a code is not well formed"},
         {"代码应为 6、9 或 12 位数字。", "Codes have 6, 9 or 12 digits."},
         {"更正代码；被 Excel 写成 3.3E+11 的要从原表取回。",
          "Correct it; what a spreadsheet made 3.3E+11 has to come from the original."}},
        {code_padding,
         "code-padding",
         warning,
         true,
         {"行政区划代码位数不符", "a code has lost or gained zeros, or signs"},
         {"与其他表对不上。", "It does not match other tables."},
         {"riskmap check --fix 补齐。", "riskmap check --fix pads it."}},
        {parent_missing,
         "parent-missing",
         error,
         false,
         {"上级单位不存在", "the unit it belongs to does not exist"},
         {"它不会计入任何上级单元。", "It counts for no unit."},
         {"更正代码，或补上上级单位。", "Correct the code, or add the unit."}},
        {parent_childless,
         "parent-childless",
         warning,
         false,
         {"单位没有下级", "a unit has nothing below it"},
         {"下级图层可能不全。", "The layer below may be incomplete."},
         {"核对下级图层。", "Check the layer below."}},
        {parent_place,
         "parent-place",
         warning,
         false,
         {"位置与代码不符", "a feature lies outside the unit of its code"},
         {"位置或代码有一个是错的。", "Its place or its code is wrong."},
         {"核对位置和代码。", "Check both."}},
        {sum_differs,
         "sum-differs",
         error,
         false,
         {"下级之和与上级不等", "the parts do not add up to the whole"},
         {"两级数据来源或年份不同，或有遗漏。", "Two sources or years, or something left out."},
         {"核对两级数据。", "Check both levels."}},
        {geometry_missing,
         "geometry-missing",
         error,
         false,
         {"要素没有图形", "a feature has no geometry"},
         {"它不会出现在图上。", "It is on no map."},
         {"补上图形或坐标，或删除。", "Draw it, give coordinates, or remove it."}},
        {geometry_type,
         "geometry-type",
         error,
         false,
         {"图形类型不对", "the geometry is of the wrong type"},
         {"例如应为面而是线。", "Lines instead of polygons, say."},
         {"用正确的图层。", "Use the right layer."}},
        {geometry_collapsed,
         "geometry-collapsed",
         error,
         false,
         {"图形退化（面积或长度为零）", "a geometry without area or length"},
         {"它没有面积或长度可计。", "There is nothing to count."},
         {"删除或重画。", "Remove it or draw it again."}},
        {geometry_invalid,
         "geometry-invalid",
         error,
         true,
         {"面自相交或无效", "a polygon crosses itself or is not valid"},
         {"面积和叠加结果不可靠。", "Areas and overlays are not reliable."},
         {"riskmap check --fix 修复；或 QGIS“修复几何图形”。",
          "riskmap check --fix repairs it; or 'Fix geometries' in QGIS."}},
        {geometry_twice,
         "geometry-twice",
         warning,
         false,
         {"两个要素图形相同", "two features have the same geometry"},
         {"可能重复计算。", "They may be counted twice."},
         {"核对后删除一个。", "Remove one after a look."}},
        {feature_twice,
         "feature-twice",
         error,
         true,
         {"要素重复", "a feature stands twice"},
         {"会重复计算。", "It is counted twice."},
         {"riskmap check --fix 只留一个。", "riskmap check --fix keeps one."}},
        {vertex_not_finite,
         "vertex-not-finite",
         error,
         false,
         {"坐标不是数字", "a coordinate is not a number"},
         {"图形无法使用。", "The geometry cannot be used."},
         {"重画或重新导出。", "Draw it or export it again."}},
        {vertex_twice,
         "vertex-twice",
         warning,
         true,
         {"重复的顶点", "a vertex stands twice in a row"},
         {"有些软件会报错。", "Some programs stumble over it."},
         {"riskmap check --fix 去掉。", "riskmap check --fix removes it."}},
        {ring_order,
         "ring-order",
         warning,
         true,
         {"环的方向不对", "a ring runs the wrong way"},
         {"GeoJSON 标准要求外环逆时针；有的网页地图会把面画成其补集。",
          "GeoJSON asks for counter-clockwise outer rings; some web maps draw the complement."},
         {"riskmap check --fix 调整方向。", "riskmap check --fix turns it."}},
        {coverage_gap,
         "coverage-gap",
         warning,
         false,
         {"相邻面之间有空隙", "a gap between units"},
         {"空隙中的人口和面积不属于任何单元。", "People and land in it belong to no unit."},
         {"补齐边界；确为飞地或水面的可以接受。",
          "Close it; accept it where it is an enclave or water."}},
        {coverage_overlap,
         "coverage-overlap",
         error,
         false,
         {"面重叠", "units overlap"},
         {"重叠处的人口和面积会计算两次。", "People and land there are counted twice."},
         {"改正边界。", "Correct the borders."}},
        {coverage_sliver,
         "coverage-sliver",
         warning,
         false,
         {"狭长的空隙或重叠", "a sliver between units"},
         {"边界数字化两次而未共用。", "A border was drawn twice instead of being shared."},
         {"改正边界；或以更大的 --snap 运行 --fix。",
          "Correct the border, or --fix with a larger --snap."}},
        {coverage_border,
         "coverage-border",
         warning,
         true,
         {"共用边界不一致", "a shared border does not match"},
         {"相邻单元的边界相差不大，但不共用顶点。",
          "The borders of two units lie close to each other but do not share their vertices."},
         {"riskmap check --fix 捕捉到同一边界。", "riskmap check --fix snaps them together."}},
        {coverage_area,
         "coverage-area",
         warning,
         false,
         {"图层没有铺满区域", "the layer does not fill the area"},
         {"缺少单元。", "Units are missing."},
         {"补上缺少的单元。", "Add them."}},
        {raster_grid,
         "raster-grid",
         error,
         false,
         {"栅格没有正常的格网", "the raster has no usable grid"},
         {"没有定位、旋转或像元大小异常。", "Not placed, rotated, or with absurd cells."},
         {"用 gdalwarp 重采样到正北格网。",
          "Resample it with gdalwarp to a grid that points north."}},
        {raster_misaligned,
         "raster-misaligned",
         warning,
         false,
         {"像元错开", "cells are off by a part of a cell"},
         {"像元大小相同而原点错开，叠加时每个像元都会被重采样。",
          "The same cell size with another origin: each cell is resampled in overlays."},
         {"按同一格网导出；riskmap stack 会对齐并说明。",
          "Export it on the grid; riskmap stack aligns it and says how."}},
        {raster_extent,
         "raster-extent",
         warning,
         false,
         {"栅格没有覆盖整个区域", "the raster does not cover the whole area"},
         {"未覆盖处不计算风险。", "No risk is computed where it is missing."},
         {"取更大范围的数据。", "Get data of a larger extent."}},
        {raster_nodata,
         "raster-nodata",
         error,
         false,
         {"“无数据”值没有声明", "values that stand for no data are not declared"},
         {"-9999 会被当作真实数值。", "-9999 would be taken for a value."},
         {"gdal_edit.py -a_nodata 值 文件。", "gdal_edit.py -a_nodata VALUE FILE."}},
        {raster_empty,
         "raster-empty",
         error,
         false,
         {"区域内没有数据", "no data inside the area"},
         {"无数据值或坐标系错误。", "Its nodata value or its CRS is wrong."},
         {"核对无数据值和坐标系。", "Check both."}},
        {raster_holes,
         "raster-holes",
         warning,
         false,
         {"区域内缺数据", "data is missing inside the area"},
         {"缺数据处不计算风险；如果表示“没有”，应写 0。",
          "No risk is computed there; if it means none, it should be 0."},
         {"补数据；或在项目文件写 where_nodata = 0。",
          "Fill it, or say where_nodata = 0 in the project file."}},
        {raster_constant,
         "raster-constant",
         warning,
         false,
         {"全部像元同一数值", "all cells have one value"},
         {"没有信息，常是导出错误。", "It says nothing; mostly an export gone wrong."},
         {"核对数据。", "Check the data."}},
        {raster_range,
         "raster-range",
         error,
         false,
         {"像元值超出范围", "cells are out of range"},
         {"单位错误或未声明的无数据值。", "The wrong unit, or nodata that is not declared."},
         {"核对单位和无数据值。", "Check the unit and the nodata value."}},
        {raster_unit,
         "raster-unit",
         warning,
         false,
         {"疑似单位错误", "the unit of the cells looks wrong"},
         {"例如厘米当作米。", "Centimetres for metres, say."},
         {"核对单位。", "Check the unit."}},
        {raster_classes,
         "raster-classes",
         error,
         false,
         {"分类栅格中有非整数", "a class raster holds values that are no classes"},
         {"多半被双线性重采样过。", "Mostly resampled by interpolation."},
         {"用最近邻法重新采样。", "Resample it again by the nearest neighbour."}},
    }};
    return rows;
}

} // namespace

std::span<const Rule> rules() {
    return table();
}

const Rule& rule(RuleId id) {
    return table()[static_cast<std::size_t>(id)];
}

const char* name_of(Severity severity) {
    return words_of(severity).en.c_str();
}

const Words& words_of(Severity severity) {
    static const std::array<Words, 3> words{
        {{"错误", "error"}, {"警告", "warning"}, {"提示", "note"}}};
    return words[static_cast<std::size_t>(severity)];
}

void Findings::add(Finding finding) {
    if (m_counts[{finding.rule, finding.layer}]++ < m_most)
        m_kept.push_back(std::move(finding));
}

void Findings::count_more(RuleId rule_id, const std::string& layer, std::uint64_t n) {
    if (n > 0)
        m_counts[{rule_id, layer}] += n;
}

void Findings::forget(const std::vector<std::string>& names) {
    const auto named = [&](RuleId id) {
        return std::find(names.begin(), names.end(), rule(id).name) != names.end();
    };
    std::erase_if(m_counts, [&](const auto& entry) { return named(entry.first.first); });
    std::erase_if(m_kept, [&](const Finding& finding) { return named(finding.rule); });
}

std::uint64_t Findings::count(RuleId rule_id, const std::string& layer) const {
    const auto found = m_counts.find({rule_id, layer});
    return found == m_counts.end() ? 0 : found->second;
}

std::uint64_t Findings::count(RuleId rule_id) const {
    std::uint64_t sum = 0;
    for (const auto& [key, n] : m_counts)
        sum += key.first == rule_id ? n : 0;
    return sum;
}

std::uint64_t Findings::count(Severity severity) const {
    std::uint64_t sum = 0;
    for (const auto& [key, n] : m_counts)
        sum += rule(key.first).severity == severity ? n : 0;
    return sum;
}

void Findings::sort(std::span<const std::string> layers) {
    const auto rank = [&](const Finding& finding) {
        return std::find(layers.begin(), layers.end(), finding.layer) - layers.begin();
    };
    std::stable_sort(m_kept.begin(), m_kept.end(), [&](const Finding& a, const Finding& b) {
        const auto key = [&](const Finding& f) {
            return std::tuple{rule(f.rule).severity, rank(f), f.rule};
        };
        return key(a) < key(b);
    });
}

std::string rule_page(Language language) {
    const bool zh = language == Language::zh;
    std::string out =
        zh ? "# 检查报错时怎么办\n\n<!-- 由 `riskmap check --rules` 生成，有测试比对。 -->\n\n"
             "`riskmap check` 逐条列出图层的问题：规则、图层、要素、字段、位置和数值。"
             "“错误”使结果出错（退出码 1），“警告”可能使结果出错，“提示”仅供参考。"
             "带“可修复”的，`riskmap check --fix 文件夹` 会写出改正的副本并列出每处改动，"
             "原文件从不改动。确认无碍的规则用 `--accept 规则` 或项目文件 `[check] accept` 接受。\n"
           : "# When check complains\n\n<!-- Made by `riskmap check --rules`; a test compares "
             "the two. -->\n\n"
             "`riskmap check` lists what is wrong with layers: the rule, the layer, the "
             "feature, the field,\nthe place and the value. An *error* makes results wrong "
             "(exit status 1), a *warning* may, a *note*\nis good to know. What is marked "
             "*mendable* `riskmap check --fix FOLDER` mends in a copy, listing\neach "
             "change; the original is never touched. A rule that is no fault in your data "
             "is accepted by\n`--accept RULE`, or `accept` in `[check]` of the project "
             "file.\n";
    for (const auto& row : rules())
        out += fmt::format("\n## {}\n\n**{}** ({}{}). {}\n\n{}{}\n", row.name,
                           row.title.in(language), words_of(row.severity).in(language),
                           !row.mendable ? "" : (zh ? "，可修复" : ", mendable"),
                           row.reason.in(language),
                           zh ? "怎么办：" : "What to do: ", row.mend.in(language));
    return out;
}

} // namespace riskmap::census
