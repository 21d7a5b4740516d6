/* The checker, extracted from verify/proof by Why3: prove.sh extract --write. */
#include <stdint.h>


struct problem {
  int64_t pvs;
  int64_t legs;
  int64_t stripes;
  int64_t rows;
  int64_t rule;
  const int64_t * group;
  const int64_t * leg;
  int64_t runs;
  const int64_t * first;
  const int64_t * start;
  const int64_t * stop;
  const int64_t * given_pv;
  const int64_t * given_pe;
};

int64_t need_of(struct problem p) {
  if (p.rule == INT64_C(0) || p.rule == INT64_C(2)) {
    return p.stripes;
  } else {
    return p.rows * p.stripes;
  }
}

int is_long(struct problem p, int64_t v) {
  int64_t i, o, o1;
  o = p.first[v];
  o1 = p.first[v + INT64_C(1)] - INT64_C(1);
  if (o <= o1) {
    for (i = o; ; ++i) {
      if (p.stop[i] - p.start[i] >= p.rows) {
        return 1;
      }
      if (i == o1) {
        break;
      }
    }
  }
  return 0;
}

int64_t free_of(struct problem p, int64_t v) {
  int64_t sum;
  int64_t i, o, o1;
  sum = INT64_C(0);
  o = p.first[v];
  o1 = p.first[v + INT64_C(1)] - INT64_C(1);
  if (o <= o1) {
    for (i = o; ; ++i) {
      sum = sum + (p.stop[i] - p.start[i]);
      if (i == o1) {
        break;
      }
    }
  }
  return sum;
}

int64_t capped_of(struct problem p, int64_t v) {
  int64_t x;
  x = free_of(p, v);
  if (x <= p.rows) {
    return x;
  } else {
    return p.rows;
  }
}

int64_t group_of(struct problem p, int64_t g) {
  int64_t sum;
  int64_t v, o;
  sum = INT64_C(0);
  o = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (v = INT64_C(0); ; ++v) {
      if (p.group[v] == g) {
        sum = sum + capped_of(p, v);
      }
      if (v == o) {
        break;
      }
    }
  }
  return sum;
}

int64_t weight_of(struct problem p, int64_t i) {
  int64_t sum, share;
  if (p.rule == INT64_C(0)) {
    if (is_long(p, i)) {
      return INT64_C(1);
    } else {
      return INT64_C(0);
    }
  }
  if (p.rule == INT64_C(3)) {
    return capped_of(p, i);
  }
  if (p.rule == INT64_C(2)) {
    sum = group_of(p, i);
    share = sum / p.rows;
    return share;
  }
  return free_of(p, i);
}

void begin_with(struct problem p, int64_t * d, int64_t * u) {
  int64_t x, l, o, i, o1;
  x = need_of(p);
  o = p.legs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (l = INT64_C(0); ; ++l) {
      d[l] = x;
      if (l == o) {
        break;
      }
    }
  }
  o1 = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o1) {
    for (i = INT64_C(0); ; ++i) {
      u[i] = weight_of(p, i);
      if (i == o1) {
        break;
      }
    }
  }
}

void give_own(struct problem p, int64_t * d, int64_t * u) {
  int64_t i, o, l, w, x;
  o = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (i = INT64_C(0); ; ++i) {
      l = p.leg[i];
      if (l >= INT64_C(0)) {
        w = u[i];
        x = d[l];
        d[l] = x <= w ? INT64_C(0) : x - w;
        u[i] = INT64_C(-1);
      }
      if (i == o) {
        break;
      }
    }
  }
}

int pvs_formed(struct problem p) {
  int64_t v, o;
  o = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (v = INT64_C(0); ; ++v) {
      if (p.group[v] < INT64_C(0) || p.group[v] >= p.pvs) {
        return 0;
      }
      if (p.leg[v] < INT64_C(-1) || p.leg[v] >= p.legs) {
        return 0;
      }
      if (p.rule == INT64_C(2) && p.leg[v] >= INT64_C(0)) {
        return 0;
      }
      if (p.first[v] < INT64_C(0) || p.first[v] > p.first[v + INT64_C(1)]) {
        return 0;
      }
      if (p.first[v + INT64_C(1)] > p.runs) {
        return 0;
      }
      if (v == o) {
        break;
      }
    }
  }
  return 1;
}

int runs_formed(struct problem p) {
  int64_t i, o;
  o = p.runs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (i = INT64_C(0); ; ++i) {
      if (p.start[i] < INT64_C(0) || p.start[i] >= p.stop[i]) {
        return 0;
      }
      if (p.stop[i] > INT64_C(0x10000000000)) {
        return 0;
      }
      if (i == o) {
        break;
      }
    }
  }
  return 1;
}

int runs_apart(struct problem p, int64_t v) {
  int64_t i, o, o1;
  o = p.first[v];
  o1 = p.first[v + INT64_C(1)] - INT64_C(2);
  if (o <= o1) {
    for (i = o; ; ++i) {
      if (p.stop[i] >= p.start[i + INT64_C(1)]) {
        return 0;
      }
      if (i == o1) {
        break;
      }
    }
  }
  return 1;
}

int is_formed(struct problem p) {
  int64_t v, o;
  if (!(p.first[INT64_C(0)] == INT64_C(0)) || !(p.first[p.pvs] == p.runs)) {
    return 0;
  }
  if (!pvs_formed(p)) {
    return 0;
  }
  if (!runs_formed(p)) {
    return 0;
  }
  o = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (v = INT64_C(0); ; ++v) {
      if (!runs_apart(p, v)) {
        return 0;
      }
      if (v == o) {
        break;
      }
    }
  }
  return 1;
}

int64_t share_of(int64_t b, int64_t x) {
  if (x <= INT64_C(0)) {
    return INT64_C(0);
  }
  return (x - INT64_C(1)) / b + INT64_C(1);
}

int64_t most(int64_t b, int64_t * d, int64_t legs) {
  int64_t v;
  int64_t l, o, x;
  v = INT64_C(0);
  o = legs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (l = INT64_C(0); ; ++l) {
      x = share_of(b, d[l]);
      if (v < x) {
        v = x;
      }
      if (l == o) {
        break;
      }
    }
  }
  return v;
}

int64_t all_held(int64_t b, int64_t v, int64_t * u, int64_t pvs) {
  int64_t sum;
  int64_t i, o, x;
  sum = INT64_C(0);
  o = pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (i = INT64_C(0); ; ++i) {
      x = share_of(b, u[i]);
      sum = sum + (x <= v ? x : v);
      if (i == o) {
        break;
      }
    }
  }
  return sum;
}

int64_t all_wanted(int64_t b, int64_t * d, int64_t legs) {
  int64_t sum;
  int64_t l, o;
  sum = INT64_C(0);
  o = legs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (l = INT64_C(0); ; ++l) {
      sum = sum + share_of(b, d[l]);
      if (l == o) {
        break;
      }
    }
  }
  return sum;
}

int is_leaf(int64_t b, int64_t * d, int64_t * u, int64_t legs, int64_t pvs) {
  int64_t v, x, y;
  v = most(b, d, legs);
  x = all_held(b, v, u, pvs);
  y = all_wanted(b, d, legs);
  if (x >= y) {
    return 0;
  }
  return 1;
}

int is_first(int64_t * d, int64_t l, int64_t legs) {
  int64_t x, k, o;
  x = d[l];
  if (x <= INT64_C(0)) {
    return 0;
  }
  o = l - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (k = INT64_C(0); ; ++k) {
      if (d[k] == x) {
        return 0;
      }
      if (k == o) {
        break;
      }
    }
  }
  return 1;
}

int64_t walk(const int64_t * cert, int64_t size, int64_t pos, int64_t * d,
             int64_t * u, int64_t legs, int64_t pvs);

int64_t walk(const int64_t * cert, int64_t size, int64_t pos, int64_t * d,
             int64_t * u, int64_t legs, int64_t pvs) {
  int64_t node, w;
  int64_t next;
  int branches;
  int64_t l, o, x, o1;
  if (pos >= size) {
    return INT64_C(-1);
  }
  node = cert[pos];
  if (node < INT64_C(-9223372036854775807)) {
    return INT64_C(-1);
  }
  if (node < INT64_C(0)) {
    if (is_leaf(-node, d, u, legs, pvs)) {
      return pos + INT64_C(1);
    } else {
      return INT64_C(-1);
    }
  }
  if (node >= pvs) {
    return INT64_C(-1);
  }
  w = u[node];
  if (w < INT64_C(0)) {
    return INT64_C(-1);
  }
  u[node] = INT64_C(-1);
  next = pos + INT64_C(1);
  branches = 0;
  o = legs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (l = INT64_C(0); ; ++l) {
      if (is_first(d, l, legs)) {
        branches = 1;
        x = d[l];
        d[l] = x <= w ? INT64_C(0) : x - w;
        o1 = walk(cert, size, next, d, u, legs, pvs);
        next = o1;
        if (next < INT64_C(0)) {
          return INT64_C(-1);
        }
        d[l] = x;
      }
      if (l == o) {
        break;
      }
    }
  }
  if (!(branches)) {
    return INT64_C(-1);
  }
  u[node] = w;
  return next;
}

int check_cover(struct problem p, const int64_t * cert, int64_t size,
                int64_t * d, int64_t * u) {
  int cond, cond1;
  int64_t o;
  if (!is_formed(p)) {
    return 0;
  }
  if (p.rule == INT64_C(1) || p.rows <= INT64_C(0)) {
    return 0;
  }
  begin_with(p, d, u);
  give_own(p, d, u);
  o = walk(cert, size, INT64_C(0), d, u, p.legs, p.pvs);
  cond1 = o == size;
  if (cond1) {
    cond = 0;
  } else {
    cond = 1;
  }
  if (cond) {
    return 0;
  }
  return 1;
}

int64_t column(struct problem p, int64_t l, int64_t s) {
  return l * p.stripes + s;
}

int is_stripe(struct problem p, int64_t l, int64_t s) {
  if (INT64_C(0) <= l) {
    if (l < p.legs) {
      if (INT64_C(0) <= s) {
        return s < p.stripes;
      } else {
        return 0;
      }
    } else {
      return 0;
    }
  } else {
    return 0;
  }
}

int is_usable(struct problem p, int64_t v, int64_t e) {
  int64_t i, o, o1;
  if (v < INT64_C(0) || v >= p.pvs) {
    return 0;
  }
  o = p.first[v];
  o1 = p.first[v + INT64_C(1)] - INT64_C(1);
  if (o <= o1) {
    for (i = o; ; ++i) {
      if (p.start[i] <= e && e < p.stop[i]) {
        return 1;
      }
      if (i == o1) {
        break;
      }
    }
  }
  return 0;
}

int check_nothing_behind(struct problem p, int64_t l, int64_t s,
                         int64_t after) {
  int64_t c, e;
  if (!is_formed(p)) {
    return 0;
  }
  if (!(p.rule == INT64_C(1)) || !is_stripe(p, l, s)) {
    return 0;
  }
  if (after < INT64_C(0) || after >= p.rows) {
    return 0;
  }
  c = column(p, l, s);
  e = p.given_pe[c];
  if (e > INT64_C(0x10000000000)) {
    return 0;
  }
  if (e < INT64_C(-1099511627776)) {
    return 0;
  }
  if (is_usable(p, p.given_pv[c], e + after)) {
    return 0;
  }
  return 1;
}

int check_shared_end(struct problem p, int64_t l, int64_t s, int64_t m,
                     int64_t t) {
  int64_t c, d;
  if (!is_formed(p)) {
    return 0;
  }
  if (!(p.rule == INT64_C(1)) || p.rows <= INT64_C(0)) {
    return 0;
  }
  if (!is_stripe(p, l, s) || !is_stripe(p, m, t)) {
    return 0;
  }
  if (l == m && s == t) {
    return 0;
  }
  c = column(p, l, s);
  d = column(p, m, t);
  if (!(p.given_pv[c] == p.given_pv[d])) {
    return 0;
  }
  return 1;
}

int check_wrong_leg(struct problem p, int64_t l, int64_t s) {
  int64_t c, v;
  if (!is_formed(p)) {
    return 0;
  }
  if (!(p.rule == INT64_C(1)) || p.rows <= INT64_C(0)) {
    return 0;
  }
  if (!is_stripe(p, l, s)) {
    return 0;
  }
  c = column(p, l, s);
  v = p.given_pv[c];
  if (v < INT64_C(0) || v >= p.pvs) {
    return 0;
  }
  if (p.leg[v] < INT64_C(0) || p.leg[v] == l) {
    return 0;
  }
  return 1;
}

int64_t place_in_piece(struct problem p, int64_t l, int64_t s) {
  return l * p.stripes + s;
}

struct layout {
  int64_t pieces;
  const int64_t * rows_of;
  int64_t areas;
  const int64_t * pv;
  const int64_t * pe;
  const int64_t * length_of;
  const int64_t * order;
  const int64_t * position;
};

int64_t piece_begin(struct problem p, struct layout y, int64_t j) {
  return j * (p.legs * p.stripes);
}

int64_t area_of(struct problem p, struct layout y, int64_t j, int64_t l,
                int64_t s) {
  int64_t b, c;
  b = piece_begin(p, y, j);
  c = place_in_piece(p, l, s);
  return b + c;
}

int are_rows_right(struct problem p, struct layout y) {
  int64_t sum;
  int64_t j, o, x;
  sum = INT64_C(0);
  o = y.pieces - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (j = INT64_C(0); ; ++j) {
      x = y.rows_of[j];
      if (x <= INT64_C(0) || x > p.rows - sum) {
        return 0;
      }
      sum = sum + x;
      if (j == o) {
        break;
      }
    }
  }
  return sum == p.rows;
}

int are_sizes_right(struct problem p, struct layout y) {
  int64_t j, o, l, o1, s, o2;
  o = y.pieces - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (j = INT64_C(0); ; ++j) {
      o1 = p.legs - INT64_C(1);
      if (INT64_C(0) <= o1) {
        for (l = INT64_C(0); ; ++l) {
          o2 = p.stripes - INT64_C(1);
          if (INT64_C(0) <= o2) {
            for (s = INT64_C(0); ; ++s) {
              if (!(y.length_of[area_of(p, y, j, l, s)] == y.rows_of[j])) {
                return 0;
              }
              if (s == o2) {
                break;
              }
            }
          }
          if (l == o1) {
            break;
          }
        }
      }
      if (j == o) {
        break;
      }
    }
  }
  return 1;
}

int does_fit(struct problem p, int64_t v, int64_t e, int64_t n) {
  int64_t i, o, o1;
  if (v < INT64_C(0) || v >= p.pvs) {
    return 0;
  }
  o = p.first[v];
  o1 = p.first[v + INT64_C(1)] - INT64_C(1);
  if (o <= o1) {
    for (i = o; ; ++i) {
      if (p.start[i] <= e && e <= p.stop[i] - n) {
        return 1;
      }
      if (i == o1) {
        break;
      }
    }
  }
  return 0;
}

int do_areas_fit(struct problem p, struct layout y) {
  int64_t a, o, n;
  o = y.areas - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (a = INT64_C(0); ; ++a) {
      n = y.length_of[a];
      if (n <= INT64_C(0)) {
        return 0;
      }
      if (!does_fit(p, y.pv[a], y.pe[a], n)) {
        return 0;
      }
      if (a == o) {
        break;
      }
    }
  }
  return 1;
}

int is_ordered(struct problem p, struct layout y) {
  int64_t i, o, i1, o1, a, b;
  o = y.areas - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (i = INT64_C(0); ; ++i) {
      if (y.order[i] < INT64_C(0) || y.order[i] >= y.areas) {
        return 0;
      }
      if (i == o) {
        break;
      }
    }
  }
  o1 = y.areas - INT64_C(2);
  if (INT64_C(0) <= o1) {
    for (i1 = INT64_C(0); ; ++i1) {
      a = y.order[i1];
      b = y.order[i1 + INT64_C(1)];
      if (y.pv[a] > y.pv[b]) {
        return 0;
      }
      if (y.pv[a] == y.pv[b] && y.pe[a] + y.length_of[a] > y.pe[b]) {
        return 0;
      }
      if (i1 == o1) {
        break;
      }
    }
  }
  return 1;
}

int are_disjoint(struct problem p, struct layout y) {
  int64_t a, o, i;
  if (!is_ordered(p, y)) {
    return 0;
  }
  o = y.areas - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (a = INT64_C(0); ; ++a) {
      i = y.position[a];
      if (i < INT64_C(0) || i >= y.areas) {
        return 0;
      }
      if (!(y.order[i] == a)) {
        return 0;
      }
      if (a == o) {
        break;
      }
    }
  }
  return 1;
}

int are_owned(struct problem p, struct layout y, int64_t * owner) {
  int64_t v, o, j, o1, l, o2, s, o3, a, v1, k, o4;
  o = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (v = INT64_C(0); ; ++v) {
      owner[v] = p.leg[v];
      if (v == o) {
        break;
      }
    }
  }
  o1 = y.pieces - INT64_C(1);
  if (INT64_C(0) <= o1) {
    for (j = INT64_C(0); ; ++j) {
      o2 = p.legs - INT64_C(1);
      if (INT64_C(0) <= o2) {
        for (l = INT64_C(0); ; ++l) {
          o3 = p.stripes - INT64_C(1);
          if (INT64_C(0) <= o3) {
            for (s = INT64_C(0); ; ++s) {
              a = area_of(p, y, j, l, s);
              v1 = y.pv[a];
              if (p.rule == INT64_C(2)) {
                k = p.group[v1];
              } else {
                k = v1;
              }
              o4 = owner[k];
              if (o4 < INT64_C(0)) {
                owner[k] = l;
              } else {
                if (!(o4 == l)) {
                  return 0;
                }
              }
              if (s == o3) {
                break;
              }
            }
          }
          if (l == o2) {
            break;
          }
        }
      }
      if (j == o1) {
        break;
      }
    }
  }
  return 1;
}

int is_apart(struct problem p, struct layout y, int64_t * mark, int64_t j) {
  int64_t v, o, l, o1, s, o2, a, v1;
  o = p.pvs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (v = INT64_C(0); ; ++v) {
      mark[v] = INT64_C(0);
      if (v == o) {
        break;
      }
    }
  }
  o1 = p.legs - INT64_C(1);
  if (INT64_C(0) <= o1) {
    for (l = INT64_C(0); ; ++l) {
      o2 = p.stripes - INT64_C(1);
      if (INT64_C(0) <= o2) {
        for (s = INT64_C(0); ; ++s) {
          a = area_of(p, y, j, l, s);
          v1 = y.pv[a];
          if (mark[v1] == INT64_C(1)) {
            return 0;
          }
          mark[v1] = INT64_C(1);
          if (s == o2) {
            break;
          }
        }
      }
      if (l == o1) {
        break;
      }
    }
  }
  return 1;
}

int are_apart(struct problem p, struct layout y, int64_t * mark) {
  int64_t j, o;
  o = y.pieces - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (j = INT64_C(0); ; ++j) {
      if (!is_apart(p, y, mark, j)) {
        return 0;
      }
      if (j == o) {
        break;
      }
    }
  }
  return 1;
}

int are_groups_kept(struct problem p, struct layout y) {
  int64_t j, o, l, o1, s, o2, a, b;
  o = y.pieces - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (j = INT64_C(0); ; ++j) {
      o1 = p.legs - INT64_C(1);
      if (INT64_C(0) <= o1) {
        for (l = INT64_C(0); ; ++l) {
          o2 = p.stripes - INT64_C(1);
          if (INT64_C(0) <= o2) {
            for (s = INT64_C(0); ; ++s) {
              a = area_of(p, y, j, l, s);
              b = area_of(p, y, INT64_C(0), l, s);
              if (!(p.group[y.pv[a]] == p.group[y.pv[b]])) {
                return 0;
              }
              if (s == o2) {
                break;
              }
            }
          }
          if (l == o1) {
            break;
          }
        }
      }
      if (j == o) {
        break;
      }
    }
  }
  return 1;
}

int is_given_kept(struct problem p, struct layout y) {
  int64_t l, o, s, o1, a, c;
  if (!(y.pieces == INT64_C(1))) {
    return 1;
  }
  o = p.legs - INT64_C(1);
  if (INT64_C(0) <= o) {
    for (l = INT64_C(0); ; ++l) {
      o1 = p.stripes - INT64_C(1);
      if (INT64_C(0) <= o1) {
        for (s = INT64_C(0); ; ++s) {
          a = area_of(p, y, INT64_C(0), l, s);
          c = place_in_piece(p, l, s);
          if (!(y.pv[a] == p.given_pv[c]) || !(y.pe[a] == p.given_pe[c])) {
            return 0;
          }
          if (s == o1) {
            break;
          }
        }
      }
      if (l == o) {
        break;
      }
    }
  }
  return 1;
}

int check_layout(struct problem p, struct layout y, int64_t * owner,
                 int64_t * mark) {
  if (!is_formed(p)) {
    return 0;
  }
  if (!are_rows_right(p, y)) {
    return 0;
  }
  if (!are_sizes_right(p, y)) {
    return 0;
  }
  if (!do_areas_fit(p, y)) {
    return 0;
  }
  if (!are_disjoint(p, y)) {
    return 0;
  }
  if (!are_owned(p, y, owner)) {
    return 0;
  }
  if (p.rule <= INT64_C(3) && !are_apart(p, y, mark)) {
    return 0;
  }
  if (p.rule == INT64_C(2) && !are_groups_kept(p, y)) {
    return 0;
  }
  if (p.rule <= INT64_C(1) && y.pieces > INT64_C(1)) {
    return 0;
  }
  if (p.rule == INT64_C(1) && !is_given_kept(p, y)) {
    return 0;
  }
  return 1;
}
