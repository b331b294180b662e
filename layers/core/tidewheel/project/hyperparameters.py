"""The native names of XGBoost's parameters (3.2, "XGBoost Parameters"), so that a misspelt one is named."""

XGBOOST = frozenset(
    """
    alpha base_score booster colsample_bylevel colsample_bynode colsample_bytree device disable_default_eval_metric
    early_stopping_rounds eta eval_metric extmem_single_page feature_selector gamma grow_policy huber_slope
    interaction_constraints lambda lambdarank_bias_norm lambdarank_normalization lambdarank_num_pair_per_sample
    lambdarank_pair_method lambdarank_unbiased learning_rate max_bin max_cached_hist_node max_cat_threshold
    max_cat_to_onehot max_delta_step max_depth max_leaves min_child_weight min_split_loss monotone_constraints
    multi_strategy ndcg_exp_gain normalize_type nthread num_boost_round num_parallel_tree num_round objective
    one_drop process_type quantile_alpha rate_drop refresh_leaf reg_alpha reg_lambda sample_type sampling_method
    scale_pos_weight seed seed_per_iteration skip_drop sketch_ratio subsample top_k tree_method tweedie_variance_power
    updater validate_parameters verbosity
    """.split()  # noqa: SIM905 (one name a line is fifty lines)
)
