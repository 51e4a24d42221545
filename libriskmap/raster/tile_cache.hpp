// SPDX-License-Identifier: MIT
// Private: decoded tiles of one file, each decoded once for all threads that
// need it at a time.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <riskmap/geo/grid.hpp>

#include "tiff_tiles.hpp"

namespace riskmap::raster {

struct Tile {
    std::once_flag once;
    TiffTiles::Found found = TiffTiles::Found::foreign;
    Bytes samples;
};

/// Tiles that lie wholly within the window that asks are its own and go with
/// it; of tiles that reach beyond, the latest are kept for the next window.
class TileCache {
  public:
    explicit TileCache(std::unique_ptr<TiffTiles> tiles) : m_tiles{std::move(tiles)} {}
    ~TileCache();
    TileCache(const TileCache&) = delete;
    TileCache& operator=(const TileCache&) = delete;

    [[nodiscard]] const TiffTiles& tiles() const noexcept { return *m_tiles; }
    [[nodiscard]] std::shared_ptr<const Tile> tile(std::int64_t across, std::int64_t down,
                                                   const Window& wanted);

  private:
    using Key = std::uint64_t;
    struct Kept {
        Key key;
        std::shared_ptr<Tile> tile;
    };
    std::shared_ptr<Tile> slot(Key key, bool keep, std::uint64_t bytes);
    void drop_oldest(std::uint64_t bytes);

    std::unique_ptr<TiffTiles> m_tiles;
    std::mutex m_mutex;
    std::list<Kept> m_kept; ///< the latest first
    std::unordered_map<Key, std::list<Kept>::iterator> m_places;
};

} // namespace riskmap::raster
