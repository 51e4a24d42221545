// SPDX-License-Identifier: MIT
#include "canvas.hpp"

#include <array>
#include <cmath>
#include <map>
#include <numbers>

#include <sys/mman.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <riskmap/atlas/sheet.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>

namespace riskmap::atlas {

namespace {

constexpr double points_per_mm = 72 / 25.4;
constexpr double most_pixels = 30000; // Cairo's images end at 32,767
/// Chinese first, so that both languages look alike; DejaVu has what Noto lacks.
constexpr const char* families = "Noto Sans CJK SC, DejaVu Sans";

struct Free {
    void operator()(cairo_t* context) const noexcept { cairo_destroy(context); }
    void operator()(cairo_surface_t* surface) const noexcept { cairo_surface_destroy(surface); }
    void operator()(cairo_pattern_t* pattern) const noexcept { cairo_pattern_destroy(pattern); }
    void operator()(cairo_font_options_t* options) const noexcept {
        cairo_font_options_destroy(options);
    }
    void operator()(PangoLayout* layout) const noexcept { g_object_unref(layout); }
    void operator()(PangoContext* context) const noexcept { g_object_unref(context); }
    void operator()(PangoFontDescription* font) const noexcept {
        pango_font_description_free(font);
    }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

/// Fontconfig and Pango crash where they find no memory: they are not called where there is none.
void require_room_for_fonts() {
    constexpr std::size_t enough = std::size_t{256}
                                   << 20U; // the index of fonts, and those of Chinese
    void* room =
        ::mmap(nullptr, enough, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED)
        throw MemoryError(
            "there is not enough memory to draw text",
            "maps need 256 MB beside the data; raise the limit, or give fewer --threads");
    ::munmap(room, enough);
}

/// Every page lays text out alike: no hinting, no rounding to pixels.
Owned<PangoContext> text_context(cairo_t* context) {
    require_room_for_fonts();
    Owned<PangoContext> text{pango_cairo_create_context(context)};
    const Owned<cairo_font_options_t> options{cairo_font_options_create()};
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(text.get(), options.get());
    pango_context_set_round_glyph_positions(text.get(), FALSE);
    return text;
}

Owned<PangoLayout> layout_of(PangoContext* context, const std::string& text, const TextLook& look) {
    Owned<PangoLayout> layout{pango_layout_new(context)};
    const Owned<PangoFontDescription> font{pango_font_description_new()};
    pango_font_description_set_family_static(font.get(), families);
    pango_font_description_set_absolute_size(font.get(), look.size * points_per_mm * PANGO_SCALE);
    pango_font_description_set_weight(font.get(),
                                      look.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    pango_layout_set_auto_dir(layout.get(), TRUE);
    if (look.most_width > 0) {
        pango_layout_set_width(layout.get(), static_cast<int>(std::ceil(
                                                 look.most_width * points_per_mm * PANGO_SCALE)));
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
        pango_layout_set_height(layout.get(), -look.most_lines); // of lines, as it is negative
        pango_layout_set_alignment(layout.get(), look.align == Align::left    ? PANGO_ALIGN_LEFT
                                                 : look.align == Align::right ? PANGO_ALIGN_RIGHT
                                                                              : PANGO_ALIGN_CENTER);
    } else {
        pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
    }
    return layout;
}

PangoRectangle logical_of(PangoLayout* layout) {
    PangoRectangle logical;
    pango_layout_get_extents(layout, nullptr, &logical);
    return logical;
}

Size size_of(const PangoRectangle& logical) {
    return {logical.width / points_per_mm / PANGO_SCALE,
            logical.height / points_per_mm / PANGO_SCALE};
}

void set_colour(cairo_t* context, Colour colour, double opacity) {
    cairo_set_source_rgba(context, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0,
                          opacity);
}

void add_path(cairo_t* context, std::span<const Point> points) {
    for (std::size_t i = 0; i < points.size(); ++i)
        (i == 0 ? cairo_move_to : cairo_line_to)(context, points[i].x, points[i].y);
}

void add_rings(cairo_t* context, const MultiPolygon& shape) {
    for_each_ring(shape, [&](const Ring& ring, bool) {
        add_path(context, ring);
        cairo_close_path(context);
    });
}

void add_star(cairo_t* context, double radius) {
    for (int i = 0; i < 10; ++i) {
        const double angle = std::numbers::pi * (i / 5.0 - 0.5);
        const double r = i % 2 == 0 ? radius : 0.4 * radius;
        (i == 0 ? cairo_move_to : cairo_line_to)(context, r * std::cos(angle), r * std::sin(angle));
    }
    cairo_close_path(context);
}

/// The outline of a symbol around the origin.
void add_symbol(cairo_t* context, SymbolShape shape, double radius) {
    const auto ring = [&](std::initializer_list<Point> corners) {
        add_path(context, std::vector<Point>{corners});
        cairo_close_path(context);
    };
    const double r = radius;
    switch (shape) {
    case SymbolShape::square:
        return cairo_rectangle(context, -0.85 * r, -0.85 * r, 1.7 * r, 1.7 * r);
    case SymbolShape::triangle:
        return ring({{0, -r}, {0.95 * r, 0.75 * r}, {-0.95 * r, 0.75 * r}});
    case SymbolShape::diamond:
        return ring({{0, -1.15 * r}, {r, 0}, {0, 1.15 * r}, {-r, 0}});
    case SymbolShape::star:
        return add_star(context, 1.2 * r);
    case SymbolShape::cross:
        add_path(context, std::vector<Point>{{-r, -r}, {r, r}});
        return add_path(context, std::vector<Point>{{-r, r}, {r, -r}});
    default:
        return cairo_arc(context, 0, 0, r, 0, 2 * std::numbers::pi);
    }
}

/// Cairo numbers its groups and pictures through the life of the process; here each kind is
/// numbered anew, so that a file's bytes do not depend on what was drawn before it.
std::string renumbered(const std::string& svg) {
    std::map<std::string, std::map<std::string, std::size_t>> known;
    std::string out;
    out.reserve(svg.size());
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    for (std::size_t i = 0; i < svg.size();) {
        const bool opens = svg.compare(i, 4, "id=\"") == 0;
        const bool refers = svg[i] == '#' && i > 0 && (svg[i - 1] == '"' || svg[i - 1] == '(');
        if (!opens && !refers) {
            out += svg[i++];
            continue;
        }
        const std::size_t mark = opens ? 4 : 1;
        out.append(svg, i, mark);
        i += mark;
        std::size_t end = i;
        while (end < svg.size() && letter(svg[end]))
            ++end;
        const auto kind = svg.substr(i, end - i);
        std::size_t last = end;
        while (last < svg.size() && digit(svg[last]))
            ++last;
        if (last == end || kind == "glyph") { // glyphs are numbered by font within the file
            out += kind;
            i = end;
            continue;
        }
        auto& numbers = known[kind];
        const auto number = numbers.emplace(svg.substr(end, last - end), numbers.size()).first;
        out += kind + std::to_string(number->second);
        i = last;
    }
    return out;
}

cairo_status_t append(void* text, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

} // namespace

struct TextRuler::State {
    Owned<cairo_surface_t> surface{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)};
    Owned<cairo_t> context{cairo_create(surface.get())};
    Owned<PangoContext> text = text_context(context.get());
};

TextRuler::TextRuler() : m_state{std::make_unique<State>()} {}
TextRuler::~TextRuler() = default;

Size TextRuler::measure(const std::string& text, const TextLook& look) const {
    return size_of(logical_of(layout_of(m_state->text.get(), text, look).get()));
}

void require_fonts() {
    const Owned<cairo_surface_t> surface{cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)};
    const Owned<cairo_t> context{cairo_create(surface.get())};
    const auto text = text_context(context.get());
    const auto layout = layout_of(text.get(), "综合风险区划图 Aé1", {});
    if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0)
        throw input_error("no font with Chinese letters is installed: maps would show boxes",
                          "install one, on Debian: apt install fonts-noto-cjk");
}

struct Canvas::State {
    std::filesystem::path target;
    std::string bytes; ///< what a PDF or SVG comes to
    Size page;
    Owned<cairo_surface_t> surface;
    Owned<cairo_t> context;
    Owned<PangoContext> text;
    bool is_pdf = false;
    bool is_svg = false;
};

Canvas::Canvas(const std::filesystem::path& target, Size page, double dpi)
    : m_state{std::make_unique<State>()} {
    auto& state = *m_state;
    state.target = target;
    state.page = page;
    const auto suffix = small_letters(target.extension().string());
    const double width = page.width * points_per_mm;
    const double height = page.height * points_per_mm;
    double scale = 1; // device units per point
    if (suffix == ".pdf") {
        state.is_pdf = true;
        state.surface.reset(
            cairo_pdf_surface_create_for_stream(&append, &state.bytes, width, height));
    } else if (suffix == ".svg") {
        state.is_svg = true;
        state.surface.reset(
            cairo_svg_surface_create_for_stream(&append, &state.bytes, width, height));
    } else if (suffix == ".png") {
        scale = dpi / 72;
        if (std::max(width, height) * scale > most_pixels)
            throw input_error(fmt::format("'{}' would be more than {} pixels wide or high",
                                          target.string(), most_pixels),
                              "take a smaller --dpi or paper, or write PDF");
        state.surface.reset(cairo_image_surface_create(
            CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(width * scale)),
            static_cast<int>(std::lround(height * scale))));
    } else {
        throw Error{ErrorKind::usage, fmt::format("'{}': unknown kind of picture", target.string()),
                    "use .png, .pdf or .svg"};
    }
    state.context.reset(cairo_create(state.surface.get()));
    cairo_scale(state.context.get(), scale * points_per_mm, scale * points_per_mm);
    cairo_set_line_join(state.context.get(), CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(state.context.get(), CAIRO_LINE_CAP_ROUND);
    state.text = text_context(state.context.get());
    if (suffix == ".png")
        fill(Rect{0, 0, page.width, page.height}, {255, 255, 255});
}

Canvas::~Canvas() = default;

void Canvas::begin_clip(const Rect& rect) {
    auto* context = m_state->context.get();
    cairo_save(context);
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height);
    cairo_clip(context);
}

void Canvas::begin_clip(std::span<const MultiPolygon> shapes) {
    auto* context = m_state->context.get();
    cairo_save(context);
    cairo_set_fill_rule(context, CAIRO_FILL_RULE_EVEN_ODD);
    for (const auto& shape : shapes)
        add_rings(context, shape);
    cairo_clip(context);
}

void Canvas::end_clip() {
    cairo_restore(m_state->context.get());
}

void Canvas::fill(const Rect& rect, Colour colour, double opacity) {
    auto* context = m_state->context.get();
    set_colour(context, colour, opacity);
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height);
    cairo_fill(context);
}

void Canvas::outline(const Rect& rect, Colour colour, double width) {
    auto* context = m_state->context.get();
    set_colour(context, colour, 1);
    cairo_set_line_width(context, width);
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height);
    cairo_stroke(context);
}

void Canvas::fill(const MultiPolygon& shape, Colour colour, double opacity) {
    auto* context = m_state->context.get();
    set_colour(context, colour, opacity);
    cairo_set_fill_rule(context, CAIRO_FILL_RULE_EVEN_ODD);
    add_rings(context, shape);
    cairo_fill(context);
}

void Canvas::line(std::span<const Point> points, Colour colour, double width,
                  std::span<const double> dashes) {
    auto* context = m_state->context.get();
    set_colour(context, colour, 1);
    cairo_set_line_width(context, width);
    cairo_set_dash(context, dashes.data(), static_cast<int>(dashes.size()), 0);
    add_path(context, points);
    cairo_stroke(context);
    cairo_set_dash(context, nullptr, 0, 0);
}

void Canvas::outline(const MultiPolygon& shape, Colour colour, double width,
                     std::span<const double> dashes) {
    auto* context = m_state->context.get();
    set_colour(context, colour, 1);
    cairo_set_line_width(context, width);
    cairo_set_dash(context, dashes.data(), static_cast<int>(dashes.size()), 0);
    add_rings(context, shape);
    cairo_stroke(context);
    cairo_set_dash(context, nullptr, 0, 0);
}

void Canvas::mark(Point at, const Symbol& symbol, double scale) {
    auto* context = m_state->context.get();
    cairo_save(context);
    cairo_translate(context, at.x, at.y);
    add_symbol(context, symbol.shape, scale * symbol.size / 2);
    if (symbol.shape == SymbolShape::cross) {
        set_colour(context, symbol.colour, 1);
        cairo_set_line_width(context, 0.25 * scale);
    } else {
        set_colour(context, symbol.colour, 1);
        cairo_fill_preserve(context);
        set_colour(context, {255, 255, 255}, 1);
        cairo_set_line_width(context, 0.15 * scale);
    }
    cairo_stroke(context);
    cairo_restore(context);
}

void Canvas::image(const Image& image, const Rect& rect) {
    if (image.columns == 0 || image.rows == 0)
        return;
    auto* context = m_state->context.get();
    const Owned<cairo_surface_t> surface{
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image.columns, image.rows)};
    auto* data = cairo_image_surface_get_data(surface.get());
    const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
    const auto faded = [](std::uint32_t value, std::uint32_t alpha) {
        return (value * alpha + 127) / 255;
    };
    for (int r = 0; r < image.rows; ++r) {
        auto* row = reinterpret_cast<std::uint32_t*>(data + static_cast<std::size_t>(r) * stride);
        for (int c = 0; c < image.columns; ++c) {
            const auto& p =
                image.pixels[static_cast<std::size_t>(r) * static_cast<std::size_t>(image.columns) +
                             static_cast<std::size_t>(c)];
            const std::uint32_t a = p.alpha;
            row[c] = a << 24U | faded(p.red, a) << 16U | faded(p.green, a) << 8U | faded(p.blue, a);
        }
    }
    cairo_surface_mark_dirty(surface.get());
    cairo_save(context);
    cairo_translate(context, rect.x, rect.y);
    cairo_scale(context, rect.width / image.columns, rect.height / image.rows);
    cairo_set_source_surface(context, surface.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST);
    cairo_paint(context);
    cairo_restore(context);
}

Size Canvas::text(Point at, const std::string& text, const TextLook& look) {
    auto* context = m_state->context.get();
    const auto layout = layout_of(m_state->text.get(), text, look);
    const auto logical = logical_of(layout.get());
    const auto size = size_of(logical);
    const double shift = look.align == Align::left     ? 0
                         : look.align == Align::centre ? -size.width / 2
                                                       : -size.width;
    cairo_save(context);
    cairo_translate(context, at.x, at.y);
    if (look.upwards)
        cairo_rotate(context, -std::numbers::pi / 2);
    cairo_translate(context, shift, 0);
    cairo_scale(context, 1 / points_per_mm, 1 / points_per_mm);
    cairo_translate(context, -static_cast<double>(logical.x) / PANGO_SCALE,
                    -static_cast<double>(logical.y) / PANGO_SCALE);
    pango_cairo_update_layout(context, layout.get());
    if (look.halo > 0) {
        cairo_move_to(context, 0, 0);
        pango_cairo_layout_path(context, layout.get());
        set_colour(context, {255, 255, 255}, 0.85);
        cairo_set_line_width(context, 2 * look.halo * points_per_mm);
        cairo_stroke(context);
    }
    cairo_move_to(context, 0, 0);
    set_colour(context, look.colour, 1);
    pango_cairo_show_layout(context, layout.get());
    cairo_restore(context);
    return size;
}

void Canvas::new_page(Size page) {
    cairo_show_page(m_state->context.get());
    m_state->page = page;
    cairo_pdf_surface_set_size(m_state->surface.get(), page.width * points_per_mm,
                               page.height * points_per_mm);
}

void Canvas::describe(const std::string& title, const std::string& author) {
    if (!m_state->is_pdf)
        return;
    auto* surface = m_state->surface.get();
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, author.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "riskmap");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
}

std::string Canvas::bytes() {
    auto& state = *m_state;
    if (!state.is_pdf && !state.is_svg) {
        const auto status =
            cairo_surface_write_to_png_stream(state.surface.get(), &append, &state.bytes);
        if (status != CAIRO_STATUS_SUCCESS)
            throw cannot_write(state.target, cairo_status_to_string(status));
    }
    state.text.reset();
    state.context.reset();
    cairo_surface_finish(state.surface.get());
    if (const auto status = cairo_surface_status(state.surface.get());
        status != CAIRO_STATUS_SUCCESS)
        throw cannot_write(state.target, cairo_status_to_string(status));
    return state.is_svg ? renumbered(state.bytes) : std::move(state.bytes);
}

void Canvas::commit() {
    write_file(m_state->target, bytes());
}

} // namespace riskmap::atlas
